import { expect, test } from 'vitest';
import { semanticProblems } from '../../../apps/validation/semantics.ts';

test.each([
  [{ metadata: { name: 'web.v1-2' } }, []],
  [{ metadata: {} }, ['metadata.name is missing']],
  [{}, ['metadata.name is missing']],
  [
    { metadata: { name: 'Web_1' } },
    ["metadata.name 'Web_1' is not a name of lower case letters, digits, hyphens and dots"],
  ],
])('looks at the name of %j', (document, problems) => {
  expect([...semanticProblems('Service', document)]).toEqual(problems);
});

test.each([
  [{ maxSurge: 0, maxUnavailable: 0 }, 1],
  [{ maxSurge: '0%', maxUnavailable: 0 }, 1],
  [{ maxSurge: 0, maxUnavailable: 1 }, 0],
  [{ maxSurge: 0 }, 0],
  [undefined, 0],
])('counts the impossible in a rolling update of %j', (rollingUpdate, count) => {
  const document = { metadata: { name: 'web' }, spec: { strategy: { rollingUpdate } } };
  expect([...semanticProblems('Deployment', document)]).toHaveLength(count);
});

test('holds the selector of a Deployment against the labels of its pods', () => {
  const document = {
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web', tier: 'front' } },
      template: { metadata: { labels: { app: 'web', more: 'x' } } },
    },
  };
  expect([...semanticProblems('Deployment', document)]).toEqual([
    'spec.selector selects tier=front, which the pods of spec.template do not carry',
  ]);
});
