import { expect, test } from 'vitest';
import { linesAgainst, rulesAgainst, web } from '../rendered.ts';

const object = (apiVersion: string, kind: string, spec = ''): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: store\n  namespace: web-staging\n${spec}`;

test.each([
  ['v1', 'PersistentVolumeClaim', 'what is on its disk'],
  ['v1', 'PersistentVolume', 'what is on its disk'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'every object of that kind'],
])('refuses a %s %s that is gone', (apiVersion, kind, cost) => {
  expect(linesAgainst(web + object(apiVersion, kind), web)).toEqual([
    expect.stringContaining(
      `is gone, or has another name now. Argo CD deletes it, and with it ${cost}, which no revert brings back`,
    ),
  ]);
});

const set = (policy: string): string =>
  object(
    'apps/v1',
    'StatefulSet',
    `spec:\n  replicas: 3\n  persistentVolumeClaimRetentionPolicy:\n    whenScaled: Retain\n    whenDeleted: ${policy}\n  template: { spec: { containers: [] } }\n`,
  );

test('refuses volumes that go with their pods', () => {
  expect(linesAgainst(web + set('Retain'), web + set('Delete'))).toEqual([
    expect.stringMatching(
      /^data-lost \| whenDeleted: Delete \| StatefulSet web-staging\/store deletes its pods' volumes/,
    ),
  ]);
  expect(rulesAgainst(web, web + set('Retain'))).toEqual([]);
});
