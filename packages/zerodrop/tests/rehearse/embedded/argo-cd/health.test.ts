import { expect, test } from 'vitest';
import {
  deploymentHealth,
  type DeploymentProgress,
  healthy,
  missing,
  worst,
} from '../../../../src/rehearse/embedded/argo-cd/compare.ts';

const deployment = {
  image: 'web:2',
  replicaSet: 'web-2',
  replicas: 3,
  updated: 3,
  ready: 3,
  available: 3,
  settled: true,
  failure: null,
};
const complete: DeploymentProgress = { deployment, seen: true, paused: false, pods: 3, updatedAvailable: 3 };

test('calls a complete rollout healthy', () => {
  expect(deploymentHealth('web', complete)).toEqual(healthy);
});

test.each<[string, DeploymentProgress]>([
  ['observed deployment generation less than desired generation', { ...complete, seen: false }],
  ['1 out of 3 new replicas have been updated', { ...complete, deployment: { ...deployment, updated: 1 } }],
  ['1 old replicas are pending termination', { ...complete, pods: 4 }],
  ['2 of 3 updated replicas are available', { ...complete, updatedAvailable: 2 }],
])('waits: %s', (what, state) => {
  expect(deploymentHealth('web', state)).toEqual({
    status: 'Progressing',
    message: `Waiting for rollout to finish: ${what}...`,
  });
});

test('gives up past the progress deadline, and holds while paused', () => {
  const late = { ...complete, deployment: { ...deployment, failure: 'ProgressDeadlineExceeded' } };
  expect(deploymentHealth('web', late)).toEqual({
    status: 'Degraded',
    message: 'Deployment "web" exceeded its progress deadline',
  });
  expect(deploymentHealth('web', { ...late, paused: true }).status).toBe('Suspended');
});

test('takes the worst health of the objects', () => {
  const progressing = { status: 'Progressing', message: 'later' } as const;
  expect(worst([healthy, progressing, healthy])).toEqual(progressing);
  expect(worst([missing, progressing])).toEqual(missing);
  expect(worst([])).toEqual(healthy);
});
