import { expect, test } from 'vitest';
import { explain } from '../../../rollout/kubernetes/explain.ts';
import { emptyCluster } from '../../release/verify/cluster.ts';

const followed = { namespace: 'staging', service: 'web', application: 'web-staging', argoNamespace: 'argocd' };

/** A pod that the kubelet refused, as Kubernetes writes it. */
function refused(name: string, image: string, creationTimestamp: string) {
  return {
    metadata: { name, creationTimestamp },
    spec: { containers: [{ name: 'web', image }] },
    status: { phase: 'Failed', reason: 'OutOfcpu', message: `Pod was rejected: no cpu for ${name}` },
  };
}

test('tells why the newest pod of the image was refused, where none fails by itself', async () => {
  const { cluster, put } = await emptyCluster();
  const pods = '/api/v1/namespaces/staging/pods';
  put(pods, refused('web-1', 'web:2', '2026-01-01T00:00:01Z'));
  put(pods, refused('web-2', 'web:2', '2026-01-01T00:00:02Z'));
  put(pods, refused('web-3', 'web:1', '2026-01-01T00:00:03Z'));
  expect(await explain(cluster, followed, 'web:2')).toBe('Pod web-2: OutOfcpu: Pod was rejected: no cpu for web-2');
  expect(await explain(cluster, followed, 'web:3')).toBe('');
  expect(await explain(cluster, followed)).toContain('Pod web-3: OutOfcpu');
});
