import { expect, test } from 'vitest';
import { isMadeByControllers, shownBelow } from '../../../apps/argo/made-kinds.ts';

function kind(name: string): { readonly group: string; readonly kind: string } {
  const [group = '', own = ''] = name.split('/');
  return { group, kind: own };
}

function below(...kinds: readonly string[]): readonly string[] {
  return shownBelow(kinds.map(kind)).map(({ group, kind: own }) => `${group}/${own}`);
}

test('finds what a Deployment makes, down to its pods', () => {
  expect(below('apps/Deployment')).toEqual(['apps/ReplicaSet', '/Pod']);
});

test('names what several kinds make once, and nothing that was given', () => {
  expect(below('apps/StatefulSet', 'batch/CronJob', 'batch/Job')).toEqual([
    '/Pod',
    'apps/ControllerRevision',
    '/PersistentVolumeClaim',
  ]);
});

test('leaves out what Argo CD does not watch, and what makes nothing', () => {
  expect(below('/Service', '/ServiceAccount', 'policy/PodDisruptionBudget')).toEqual([]);
});

test('tells a kind from one of the same name in another group', () => {
  expect(below('apps.example.com/Deployment')).toEqual([]);
  expect(isMadeByControllers(kind('example.com/Pod'))).toBe(false);
});

test.each([
  '/Pod',
  'apps/ReplicaSet',
  'apps/ControllerRevision',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  '/Event',
])('knows that only controllers make %s', (name) => {
  expect(isMadeByControllers(kind(name))).toBe(true);
});

test.each(['apps/Deployment', 'batch/Job', '/PersistentVolumeClaim', '/Service'])(
  'knows that people write %s',
  (name) => {
    expect(isMadeByControllers(kind(name))).toBe(false);
  },
);
