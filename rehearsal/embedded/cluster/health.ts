import type { V1Deployment, V1ReplicaSet } from '@kubernetes/client-node';
import { deploymentHealth, type Health, healthy } from '../sync/health.ts';
import type { Manifest } from '../sync/manifest.ts';
import { rolloutState } from './rollout-state.ts';

/** Reads a Deployment as it is now. */
type ReadDeployment = (place: { readonly name: string; readonly namespace: string }) => Promise<V1Deployment>;

/**
 * Health of the objects of this cluster. Only a Deployment's can be bad: the balancer stands for the provider that a
 * LoadBalancer Service waits for, and what is not run has nothing to fail with.
 */
export function healthIn(
  readDeployment: ReadDeployment,
  replicaSets: (namespace: string) => readonly V1ReplicaSet[],
): (manifest: Manifest) => Promise<Health> {
  return async ({ kind, metadata: { name, namespace = 'default' } }) => {
    if (kind !== 'Deployment') return healthy;
    // Read anew: a cached one might be older than the change that was just applied, and healthy.
    const deployment = await readDeployment({ name, namespace });
    return deploymentHealth(name, rolloutState(deployment, replicaSets(namespace)));
  };
}
