import { counted } from '../guard/model/comparison.ts';
import { type Field, quantity } from '../guard/model/field.ts';
import type { Folder } from '../guard/model/folder.ts';
import { budgetsOf, podCount } from '../guard/model/scaling.ts';
import type { Workload } from '../guard/model/workload.ts';
import type { World } from '../guard/model/world.ts';
import { amount, demands } from '../guard/rules/workloads/quota.ts';
import type { RolloutForecast, WorkloadForecast } from './workload.ts';

/** What each budget of a workload lets nodes that are drained take away while it rolls out. */
export function budgetsDuring(
  workload: Workload,
  folder: Folder,
  rollouts: readonly RolloutForecast[],
): readonly string[] {
  const fewest = rollouts[0];
  if (fewest === undefined) return [];
  return budgetsOf(folder, workload).map((budget) => {
    const allowed = Math.max(0, fewest.fewestReady[0] - keptBy(budget, fewest.replicas));
    const lets = allowed === 0 ? 'no pod be evicted' : `${counted(allowed, 'pod')} be evicted`;
    return `${budget.object.title} lets ${lets} while the rollout has its fewest pods ready.`;
  });
}

/** How many pods a budget keeps healthy; a share is rounded up (kubernetes/pkg/controller/disruption/disruption.go). */
function keptBy(
  budget: Field<{ spec?: { maxUnavailable?: unknown; minAvailable?: unknown } }>,
  replicas: number,
): number {
  const pods = (value: unknown): number =>
    typeof value === 'number' ? value : Math.ceil((Number.parseFloat(String(value)) * replicas) / 100) || 0;
  const unavailable = budget.loose('spec', 'maxUnavailable').value;
  return unavailable === undefined
    ? pods(budget.loose('spec', 'minAvailable').value ?? 0)
    : replicas - pods(unavailable);
}

/** What quotas have against pods that run at one time, when everything that rolls does so together. Empty where nothing. */
export function quotasDuring(world: World, forecasts: readonly WorkloadForecast[]): readonly string[] {
  const rolling = new Map(forecasts.map((one) => [one.workload, one]));
  if (rolling.size === 0) return [];
  const folders = world.paths.filter(
    (path) => forecasts.some(({ folder }) => folder === path) || world.mentions(path, 'ResourceQuota'),
  );
  const all = folders.flatMap((path) => world.folder(path) ?? []);
  return all
    .flatMap((folder) => folder.all('/ResourceQuota'))
    .flatMap((quota) => {
      const own = all.flatMap((folder) =>
        folder.workloads
          .filter(({ object }) => object.namespace === quota.object.namespace)
          .map((workload) => ({ folder, workload })),
      );
      if (!own.some(({ workload }) => rolling.has(workload.object.title))) return [];
      return Object.entries(demands).flatMap(([name, demand]) => {
        const limit = quantity(quota.loose('spec', 'hard', name).value);
        if (limit === null) return [];
        const needed = own.reduce(
          (sum, { workload, folder }) => sum + demand(workload) * mostPodsOf(workload, folder, rolling),
          0,
        );
        // Sums of shares such as 0.1 are off by less than this.
        if (needed <= limit * (1 + 1e-9)) return [];
        return [
          `${quota.object.title} allows ${name} ${amount(name, limit)}, and the rollout may need ${amount(name, needed)} with the pods that are still ending: new pods wait until there is room.`,
        ];
      });
    });
}

function mostPodsOf(workload: Workload, folder: Folder, rolling: ReadonlyMap<string, WorkloadForecast>): number {
  const rollouts = rolling.get(workload.object.title)?.rollouts ?? [];
  const steady = workload.kind === 'DaemonSet' ? 0 : podCount(folder, workload).most;
  return Math.max(steady, ...rollouts.map(({ mostPods }) => mostPods[1]));
}
