import { describe, expect, test } from 'vitest';
import { objectProblems } from '../../../apps/validation/objects.ts';
import { faults } from './faults.ts';
import { changed, samples } from './samples.ts';

test.each(Object.entries(samples))('says nothing of a good %s', (_kind, object) => {
  expect(objectProblems(object)).toEqual([]);
});

describe.each(Object.entries(faults))('%s', (_name, list) => {
  test.each(list)('are told: %s %s %j', (kind, path, value, words) => {
    const problems = objectProblems(changed(kind, path, value));
    expect(problems.join('\n')).toContain(words);
    for (const problem of problems) expect(problem).toMatch(/^[A-Z]\w*(?: \S+)?: .*\.$/s);
  });
});

test.each([
  ['v1', 'Pod'],
  ['apps/v1', 'ReplicaSet'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
])('refuses %s %s, which git has none to bring', (apiVersion, kind) => {
  expect(objectProblems({ apiVersion, kind, metadata: { name: 'web', namespace: 'web-production' } })).toEqual([
    `${kind} web-production/web: only the controllers of Kubernetes make a ${kind}. Commit the object that it is made of.`,
  ]);
});
