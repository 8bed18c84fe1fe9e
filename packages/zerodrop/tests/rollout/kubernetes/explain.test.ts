import { expect, test } from 'vitest';
import { explain } from '../../../src/rollout/kubernetes/explain.ts';
import { emptyCluster } from './empty-cluster.ts';

const followed = {
  namespace: 'staging',
  deployment: { name: 'web', selector: 'app.kubernetes.io/name=web', service: null },
  application: { name: 'web-staging', namespace: 'argocd' },
};

const pods = '/api/v1/namespaces/staging/pods';
const everything = -Infinity;

/** A pod that the kubelet refused, as Kubernetes writes it. */
function refused(name: string, replicaSet: string, creationTimestamp: string) {
  return {
    metadata: { name, creationTimestamp, ownerReferences: [{ kind: 'ReplicaSet', name: replicaSet }] },
    spec: { containers: [{ name: 'web', image: 'web' }] },
    status: { phase: 'Failed', reason: 'OutOfcpu', message: `Pod was rejected: no cpu for ${name}` },
  };
}

function warning(name: string, on: string, lastTimestamp: string) {
  const involvedObject = { kind: 'ReplicaSet', name: on };
  return {
    metadata: { name },
    type: 'Warning',
    reason: name,
    message: 'exceeded quota',
    lastTimestamp,
    involvedObject,
  };
}

test('tells why the newest pod of the ReplicaSet was refused, where none fails by itself', async () => {
  const { cluster, put } = await emptyCluster();
  put(pods, refused('web-1', 'web-b', '2026-01-01T00:00:01Z'));
  put(pods, refused('web-2', 'web-b', '2026-01-01T00:00:02Z'));
  put(pods, refused('web-3', 'web-a', '2026-01-01T00:00:03Z'));
  expect(await explain(cluster, followed, { replicaSet: 'web-b', since: everything })).toBe(
    'Pod web-2: OutOfcpu: Pod was rejected: no cpu for web-2',
  );
  expect(await explain(cluster, followed, { replicaSet: 'web-c', since: everything })).toBe('');
  expect(await explain(cluster, followed)).toContain('Pod web-3: OutOfcpu');
});

test('quotes nothing that is older than the sync, and what refuses a ReplicaSet its pods', async () => {
  const { cluster, put } = await emptyCluster();
  const events = '/api/v1/namespaces/staging/events';
  put(events, warning('Before', 'web-b', '2026-01-01T00:00:01Z'));
  put(events, warning('FailedCreate', 'web-b', '2026-01-01T00:00:05Z'));
  put(events, warning('Foreign', 'web-a', '2026-01-01T00:00:05Z'));
  const since = Date.UTC(2026, 0, 1, 0, 0, 3);
  expect(await explain(cluster, followed, { replicaSet: 'web-b', since })).toBe(
    'Warning FailedCreate on ReplicaSet web-b: exceeded quota',
  );
});

test('says why the cluster could not be asked, and does not throw', async () => {
  const { cluster, put } = await emptyCluster();
  put(pods, { ...refused('web-1', 'web-b', ''), metadata: { name: 'web-1' } });
  const away = { ...cluster, request: async () => Promise.reject(new Error('it is away')) };
  expect(await explain(away, followed)).toBe('The cluster could not be asked why: it is away');
});
