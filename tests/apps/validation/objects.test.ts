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

test.each(['*/5 0-6,12 * JAN-MAR mon-fri', '@hourly', '@every 1h30m', '0 0 1-31/2 1,12 ?', '5/10 * * * sun'])(
  'takes the schedule %s',
  (schedule) => {
    expect(objectProblems(changed('CronJob', 'spec/schedule', schedule))).toEqual([]);
  },
);

test.each([
  'busybox',
  'registry.k8s.io/pause:3.10',
  'localhost:5000/a/b',
  `web@sha256:${'0'.repeat(64)}`,
  `[2001:db8::1]:5000/web:v1@sha256:${'0'.repeat(64)}`,
])('takes the image %s', (image) => {
  expect(objectProblems(changed('Deployment', 'spec/template/spec/containers/0/image', image))).toEqual([]);
});

test('takes a Secret of a type by what it holds, and shows nothing of that', () => {
  const secret = { ...changed('Secret', 'type', 'kubernetes.io/dockerconfigjson'), data: undefined };
  expect(objectProblems({ ...secret, stringData: { '.dockerconfigjson': '{"auths":{}}' } })).toEqual([]);
  const [problem] = objectProblems({ ...secret, stringData: { '.dockerconfigjson': 's3cret' } });
  expect(problem).toContain("data['.dockerconfigjson'] is not JSON");
  expect(problem).not.toContain('s3cret');
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
