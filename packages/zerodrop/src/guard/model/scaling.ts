import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { counted } from './comparison.ts';
import type { Folder } from './folder.ts';
import type { Field } from './object.ts';
import type { Workload } from './workload.ts';

/** What decides how many pods a workload has: an autoscaler of Kubernetes, or of KEDA, which makes one. */
export interface Scaler {
  readonly field: Field<never>;
  readonly title: string;
  readonly least: number;
  readonly most: number;
  readonly leastAt: Field<unknown>;
  readonly mostAt: Field<unknown>;
}

const scalers = new WeakMap<Folder, ReadonlyMap<string, readonly Scaler[]>>();

/** The autoscaler of a workload, of several the last; undefined where it has none. */
export function scalerOf(folder: Folder, workload: Workload): Scaler | undefined {
  return scalersOf(folder, workload).at(-1);
}

/** The autoscalers of a workload: two of them fight about its pods. */
export function scalersOf(folder: Folder, { object }: Workload): readonly Scaler[] {
  let known = scalers.get(folder);
  if (known === undefined) {
    const made = new Map<string, Scaler[]>();
    for (const [key, scaler] of [...autoscalers(folder), ...scaledObjects(folder)])
      made.set(key, [...(made.get(key) ?? []), scaler]);
    scalers.set(folder, made);
    known = made;
  }
  return known.get(`${object.namespace ?? ''} ${object.kind} ${object.name}`) ?? [];
}

function autoscalers(folder: Folder): readonly (readonly [string, Scaler])[] {
  return folder.all('autoscaling/HorizontalPodAutoscaler').map((autoscaler) => {
    const { object } = autoscaler;
    const [target, least, most] = [
      autoscaler.at('spec', 'scaleTargetRef'),
      autoscaler.at('spec', 'minReplicas'),
      autoscaler.at('spec', 'maxReplicas'),
    ];
    const key = `${object.namespace ?? ''} ${target.at('kind').text ?? ''} ${target.at('name').text ?? ''}`;
    const known = { least: least.number ?? 1, most: most.number ?? 1 };
    return [key, { field: object.field(), title: object.title, ...known, leastAt: least, mostAt: most }] as const;
  });
}

/** By this annotation KEDA holds a workload at a number of pods, whatever its minimum is. */
const pausedAt = 'autoscaling.keda.sh/paused-replicas';

/** KEDA takes a Deployment where no kind is said, lets it fall to 0 and rise to 100. */
function scaledObjects(folder: Folder): readonly (readonly [string, Scaler])[] {
  return folder.all('keda.sh/ScaledObject').map((scaled) => {
    const { object } = scaled;
    const [target, least, most] = [
      scaled.at('spec', 'scaleTargetRef'),
      scaled.at('spec', 'minReplicaCount'),
      scaled.at('spec', 'maxReplicaCount'),
    ];
    const key = `${object.namespace ?? ''} ${target.at('kind').text ?? 'Deployment'} ${target.at('name').text ?? ''}`;
    const self = { field: object.field(), title: object.title };
    const held = object.annotation(pausedAt);
    if (held !== undefined && /^\d+$/.test(held)) {
      const at = object.field('metadata', 'annotations', pausedAt);
      return [key, { ...self, least: Number(held), most: Number(held), leastAt: at, mostAt: at }] as const;
    }
    const known = { least: least.number ?? 0, most: most.number ?? 100 };
    return [key, { ...self, ...known, leastAt: least, mostAt: most }] as const;
  });
}

/** Stands for a number that can't be read, so that nothing else is said of it than that. */
const usualReplicas = 3;

/** How many pods a workload may have. Where nothing is said, Kubernetes makes 1. */
export function podCount(folder: Folder, workload: Workload): { readonly least: number; readonly most: number } {
  const scaler = scalerOf(folder, workload);
  if (scaler !== undefined) return { least: scaler.least, most: Math.max(scaler.least, scaler.most) };
  const replicas = workload.replicas?.number ?? (workload.replicas?.isSet === true ? usualReplicas : 1);
  return { least: replicas, most: replicas };
}

/** How many pods a rollout makes beside those that run; 0 for kinds and strategies that replace pods in their place. */
export function surgePods(workload: Workload, folder: Folder): number {
  const deployment = workload.object.as('apps/Deployment');
  if (deployment === null || deployment.at('spec', 'strategy', 'type').value === 'Recreate') return 0;
  const { value } = deployment.at('spec', 'strategy', 'rollingUpdate', 'maxSurge');
  if (typeof value === 'number') return value;
  const share = Number.parseFloat(typeof value === 'string' ? value : '25');
  return Number.isNaN(share) ? 0 : Math.ceil((share * podCount(folder, workload).least) / 100);
}

type Budget = Field<IPodDisruptionBudget>;

/** The workloads whose pods a budget counts. A DaemonSet's pods are not evicted by a drain. */
export function heldBy(budget: Budget, folder: Folder): readonly Workload[] {
  return folder
    .selectedByLabels(budget.object.namespace, budget.at('spec', 'selector').value)
    .filter((workload) => workload.runsOn && workload.kind !== 'DaemonSet');
}

const budgets = new WeakMap<Folder, ReadonlyMap<string, readonly Budget[]>>();

/** The budgets that hold a workload's pods. */
export function budgetsOf(folder: Folder, workload: Workload): readonly Budget[] {
  let known = budgets.get(folder);
  if (known === undefined) {
    const made = new Map<string, Budget[]>();
    for (const budget of folder.all('policy/PodDisruptionBudget')) {
      for (const { object } of heldBy(budget, folder)) made.set(object.key, [...(made.get(object.key) ?? []), budget]);
    }
    budgets.set(folder, made);
    known = made;
  }
  return known.get(workload.object.key) ?? [];
}

/** What a budget says, and what that comes to for the pods in its folder. */
export interface Keeps {
  readonly at: Field<unknown>;
  readonly says: string;
  /** `all`: no pod may be moved. `none`: every pod may be moved at once. */
  readonly extreme: 'all' | 'none';
}

/** What makes a budget useless; null where it lets some pods go and keeps some. */
export function uselessness(budget: Budget | null, folder: Folder): Keeps | null {
  if (budget === null) return null;
  const [unavailable, available] = [budget.at('spec', 'maxUnavailable'), budget.at('spec', 'minAvailable')];
  const held = heldBy(budget, folder);
  const pods = held.reduce((sum, workload) => sum + podCount(folder, workload).least, 0);
  const says = (name: string, field: Field<unknown>): string =>
    pods > 0 ? `has ${name} ${String(field.value)} for ${counted(pods, 'pod')}` : `has ${name} ${String(field.value)}`;
  if (unavailable.isSet) {
    const away = podsOf(unavailable.value, pods);
    if (unavailable.value === 0 || unavailable.value === '0%') {
      return { at: unavailable, says: `has maxUnavailable ${unavailable.value}`, extreme: 'all' };
    }
    const isEverything = unavailable.value === '100%' || (pods > 1 && away >= pods);
    return isEverything ? { at: unavailable, says: says('maxUnavailable', unavailable), extreme: 'none' } : null;
  }
  if (!available.isSet) return null;
  if (available.value === '100%') return { at: available, says: 'has minAvailable 100%', extreme: 'all' };
  const kept = podsOf(available.value, pods);
  if (kept === 0) return { at: available, says: says('minAvailable', available), extreme: 'none' };
  if (pods === 0 || kept < pods) return null;
  return { at: available, says: `keeps ${String(available.value)} of ${counted(pods, 'pod')}`, extreme: 'all' };
}

/** A share of pods is rounded up (kubernetes/pkg/controller/disruption/disruption.go). */
function podsOf(value: unknown, pods: number): number {
  if (typeof value === 'number') return value;
  const share = Number.parseFloat(String(value));
  return Number.isNaN(share) ? pods : Math.ceil((share * pods) / 100);
}
