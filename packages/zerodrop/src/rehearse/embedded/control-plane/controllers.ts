import { setTimeout as pause } from 'node:timers/promises';
import type { V1EndpointSlice, V1Pod, V1Service } from '@kubernetes/client-node';
import { selects } from '../../../guard/model/workload.ts';
import { at, boundsOf, type Manifest } from '../../manifests/object.ts';
import type { Scope } from '../../manifests/rehearsed.ts';
import type { LiveObjects } from '../argo-cd/compare.ts';
import type { Endpoint } from '../balancer/traffic.ts';

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

/**
 * Whether a pod may be evicted now: where the budgets of its namespace keep fewer pods healthy than there are, as the API of evictions has it
 * (kubernetes/pkg/registry/core/pod/storage/eviction.go). One that is not ready, or gone, is in nobody's budget.
 *
 * @param objects of its namespace
 */
export function mayEvict(objects: readonly Manifest[], pods: readonly V1Pod[], name: string): boolean {
  const pod = pods.find(({ metadata }) => metadata?.name === name);
  if (pod === undefined || !isHealthy(pod)) return true;
  const labels = pod.metadata?.labels ?? {};
  const hash = labels['pod-template-hash'];
  // Of one Deployment: those of its other ReplicaSets count, too.
  const alike = pods.filter(({ metadata }) =>
    Object.entries(labels).every(([label, value]) => value === hash || metadata?.labels?.[label] === value),
  );
  const kept = keptByBudgets(objects, labels, alike.filter(({ metadata }) => !metadata?.deletionTimestamp).length);
  return kept === null || alike.filter(isHealthy).length > kept;
}

function isHealthy({ metadata, status }: V1Pod): boolean {
  const isReady = status?.conditions?.some(({ type, status: met }) => type === 'Ready' && met === 'True') ?? false;
  return isReady && metadata?.deletionTimestamp === undefined;
}

/** How many pods with these labels the budgets of a namespace keep healthy, of so many; null where no budget is about them. */
export function keptByBudgets(
  objects: readonly Manifest[],
  labels: Readonly<Record<string, string>>,
  pods: number,
): number | null {
  const budgets = objects.filter(
    ({ kind, spec }) => kind === 'PodDisruptionBudget' && selects(at(spec, 'selector'), labels),
  );
  const kept = budgets.map(({ spec }) => {
    const unavailable = at(spec, 'maxUnavailable');
    // Both percentages are rounded up (kubernetes/pkg/controller/disruption/disruption.go).
    return unavailable === undefined ? podsOf(at(spec, 'minAvailable') ?? 1, pods) : pods - podsOf(unavailable, pods);
  });
  return kept.length === 0 ? null : Math.max(0, ...kept);
}

function podsOf(value: unknown, of: number): number {
  return typeof value === 'string' ? Math.ceil((Number.parseFloat(value) / 100) * of) : Number(value);
}

/** Finds the port of 127.0.0.1 that stands for a port of a pod's address; null where nothing listens there. */
export type PortOf = (address: string, port: number) => number | null;

/**
 * The port of a pod that the first port of a Service leads to. One with a name has the number that the pod gives it, so that old pods
 * and new ones may have others. Kubernetes keeps a slice for each number; webernetes has one slice, with the number of any pod.
 */
export function targetPort(service: V1Service | undefined, pod: V1Pod | undefined): number | undefined {
  const [port] = service?.spec?.ports ?? [];
  const target = port?.targetPort ?? port?.port;
  if (typeof target === 'number') return target;
  const containers = [...(pod?.spec?.containers ?? []), ...(pod?.spec?.initContainers ?? [])];
  const named = containers.flatMap(({ ports }) => ports ?? []).find(({ name }) => name === target);
  return named?.containerPort;
}

/** The endpoints of a Service's first port, as its slices tell of them; none where there is no Service. */
export function endpointsOf(
  slices: readonly V1EndpointSlice[],
  { service, health }: Pick<Scope, 'service' | 'health'>,
  portOf: PortOf,
  targetOf: (pod: string) => number | undefined = () => undefined,
): Endpoint[] {
  return slices
    .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === service)
    .flatMap((slice) =>
      slice.endpoints.map((endpoint) => {
        const target = targetOf(endpoint.targetRef?.name ?? '') ?? slice.ports?.[0]?.port;
        return { ...endpoint, target };
      }),
    )
    .map(({ addresses, conditions, targetRef, target }) => ({
      pod: targetRef?.name ?? '',
      port: target === undefined ? null : portOf(addresses[0] ?? '', target),
      healthPort: health === null ? null : portOf(addresses[0] ?? '', health.port),
      ready: conditions?.ready ?? false,
      serving: conditions?.serving ?? false,
      terminating: conditions?.terminating ?? false,
    }));
}
