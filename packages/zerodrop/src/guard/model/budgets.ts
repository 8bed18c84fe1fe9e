import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { Field } from './field.ts';
import type { Folder } from './folder.ts';
import { podCount } from './scaling.ts';
import { counted } from './spec-diff.ts';
import type { Workload } from './workload.ts';

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
