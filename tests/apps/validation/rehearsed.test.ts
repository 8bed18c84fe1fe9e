import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { objectProblems } from '../../../apps/validation/objects.ts';

// What the embedded cluster of a rehearsal is told that a real one refuses.

test('refuses what server-side apply on a real cluster refuses', () => {
  const text = `apiVersion: batch/v1
kind: CronJob
metadata: { name: clean, labels: { on: yes } }
spec:
  schedule: 0 3 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: clean, image: 'clean:v1', env: [{ name: A }, { name: A }] }]
`;
  expect(objectProblems(parse(text, { version: '1.1' }))).toEqual([
    // What YAML 1.1 reads there: neither the key nor the value is text.
    'CronJob clean: metadata.labels.true is true. Expected text in quotes.',
    'CronJob clean: spec.jobTemplate.spec.template.spec.containers[0].env has duplicate entries for key [name="A"]. Keep one of them.',
  ]);
});

test('refuses a pod, which a project permits only for it to be shown', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
  expect(objectProblems(parse(text, { version: '1.1' }))).toEqual([
    'Pod web: only the controllers of Kubernetes make a Pod. Commit the object that it is made of.',
  ]);
});
