import { setTimeout as pause } from 'node:timers/promises';
import { at, boundsOf, type Manifest } from '../../manifests/object.ts';
import type { LiveObjects } from '../argo-cd/compare.ts';

/** How often autoscalers are looked at: `--horizontal-pod-autoscaler-sync-period`, which is 15 s on most clusters. */
const syncEveryMs = 1_000;

/**
 * How many pods an autoscaler that reads no metric wants: as many as there are, within its bounds; none where it was switched off by
 * `replicas: 0` (kubernetes/pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler).
 */
export function withinBounds(replicas: number, min: number, max: number): number {
  return replicas === 0 && min !== 0 ? 0 : Math.max(min, Math.min(max, replicas));
}

/** Keeps every Deployment that has an autoscaler within its bounds, until the signal ends it. */
export function startAutoscaler(objects: LiveObjects, kept: ReadonlyMap<string, Manifest>, signal: AbortSignal): void {
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(syncEveryMs, undefined, { signal });
      const scalers = [...kept.values()].filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
      for (const scaler of scalers) await reconcile(objects, scaler);
    }
  };
  look().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

async function reconcile(objects: LiveObjects, scaler: Manifest): Promise<void> {
  const target = at(scaler, 'spec', 'scaleTargetRef');
  const name = at(target, 'name');
  if (at(target, 'kind') !== 'Deployment' || typeof name !== 'string') return;
  const bounds = boundsOf([scaler], name);
  const namespace = scaler.metadata.namespace ?? 'default';
  const found = await objects.read(deploymentAt(namespace, name));
  if (found === null || bounds === null) return;
  const replicas = Number(at(found, 'spec', 'replicas') ?? 1);
  const wanted = withinBounds(replicas, bounds.min, bounds.max);
  if (wanted !== replicas) await scale(objects, namespace, name, wanted);
}

/** Sets how many pods a Deployment has. */
export async function scale(objects: LiveObjects, namespace: string, name: string, replicas: number): Promise<void> {
  await objects.patch(deploymentAt(namespace, name), { spec: { replicas } });
}

function deploymentAt(namespace: string, name: string): Manifest {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } };
}
