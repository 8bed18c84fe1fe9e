import { isDeepStrictEqual } from 'node:util';
import { compare } from '../guard/compare.ts';
import type { FolderComparison } from '../guard/model/comparison.ts';
import type { Folder, World } from '../guard/model/folder.ts';
import { quantity } from '../guard/model/object.ts';
import { podReferences } from '../guard/model/references.ts';
import { podCount } from '../guard/model/scaling.ts';
import type { Workload } from '../guard/model/workload.ts';
import { candidates } from '../guard/read/candidates.ts';
import type { Files } from '../guard/read/files.ts';
import { amount, demands } from '../guard/rules/workloads/quota.ts';
import { defaultInputs, type Inputs } from './life.ts';
import { budgetsDuring, forecastRollout, isRolled } from './pod.ts';
import type { WorkloadForecast } from './workload.ts';

/** A workload of a changed folder whose pods stay as they are. */
export interface Standing {
  readonly workload: string;
  readonly why: string;
}

/** What merging a change is expected to do. Names that are here stay as they are; new ones may be added without a new schema number. */
export interface Forecast {
  readonly schema: 1;
  readonly workloads: readonly WorkloadForecast[];
  readonly standing: readonly Standing[];
  /** The objects that appear, change and go, such as `Service shop/web`. */
  readonly objects: {
    readonly appear: readonly string[];
    readonly change: readonly string[];
    readonly go: readonly string[];
  };
  /** What quotas have against it, in sentences. */
  readonly quotas: readonly string[];
  /** Charts and kustomizations, of which nobody can tell what they become. */
  readonly unrendered: readonly string[];
  readonly inputs: Inputs;
}

/**
 * Forecasts what it takes to go from one state of the manifests to another. Each state is a Map from the paths of the files to their
 * texts. Reads nothing else, and says the same each time.
 */
export function forecast(before: Files, after: Files, inputs: Partial<Inputs> = {}): Forecast {
  const all = { ...defaultInputs, ...inputs };
  const files = candidates(before, after, 'any');
  const comparison = compare(files.before, files.after, 'any', new Set());
  const { folders } = comparison;
  const changes = folders.flatMap((folder) => folder.changes);
  const workloads = folders.flatMap((folder) => workloadsOf(folder, all));
  return {
    schema: 1,
    workloads,
    standing: folders.flatMap(standingIn),
    objects: {
      appear: changes.flatMap((change) => (change.before === null ? [change.after.title] : [])),
      change: changes.flatMap((change) =>
        change.before !== null && change.after !== null ? [change.after.title] : [],
      ),
      go: changes.flatMap((change) => (change.after === null ? [change.before.title] : [])),
    },
    quotas: quotasDuring(comparison.after, workloads),
    unrendered: files.unrendered,
    inputs: all,
  };
}

/**
 * Forecasts, for each workload of a state, a rollout that replaces all of its pods: what a new image does to it.
 *
 * @param from the state that it is rolled out from; the same, but for the image, unless said
 */
export function forecastOfEach(
  files: Files,
  inputs: Partial<Inputs> = {},
  from: Files = files,
): readonly WorkloadForecast[] {
  const all = { ...defaultInputs, ...inputs };
  const { before: old, after: next } = candidates(from, files, 'any');
  const known = new Map(compare(new Map(), old, 'any', new Set()).folders.map(({ path, after }) => [path, after]));
  return compare(new Map(), next, 'any', new Set()).folders.flatMap(({ path, after: folder }) =>
    folder.workloads
      .filter((workload) => whyNever(workload, folder) === null)
      .map((workload) => {
        const was = known.get(path);
        const before = was?.counterpart(workload);
        const placed = was === undefined || before === undefined ? null : { workload: before, folder: was };
        return ofRollout('rolls', placed ?? { workload, folder }, { workload, folder }, path, all);
      }),
  );
}

interface Placed {
  readonly workload: Workload;
  readonly folder: Folder;
}

function ofRollout(
  does: 'rolls' | 'appears',
  before: Placed | null,
  after: Placed,
  path: string,
  inputs: Inputs,
): WorkloadForecast {
  const rollouts = forecastRollout(before, after, inputs);
  const { workload, folder } = after;
  return {
    workload: workload.object.title,
    folder: path,
    does,
    rollouts,
    budgets: budgetsDuring(workload, folder, rollouts),
  };
}

function workloadsOf({ path, before, after }: FolderComparison, inputs: Inputs): readonly WorkloadForecast[] {
  const gone = before.workloads.filter((workload) => after.counterpart(workload) === undefined);
  return [
    ...after.workloads.flatMap((workload): readonly WorkloadForecast[] => {
      const was = before.counterpart(workload);
      if (whyNever(workload, after) !== null) return [];
      if (was === undefined) {
        const rate = takesOver(workload, after, before) ? inputs.rate : 0;
        return [ofRollout('appears', null, { workload, folder: after }, path, { ...inputs, rate })];
      }
      if (isRolled(was, workload))
        return [ofRollout('rolls', { workload: was, folder: before }, { workload, folder: after }, path, inputs)];
      if (was.replicas === null || isDeepStrictEqual(was.replicas.value ?? 1, workload.replicas?.value ?? 1)) return [];
      return [{ workload: workload.object.title, folder: path, does: 'scales', rollouts: [], budgets: [] }];
    }),
    ...gone.map(({ object }): WorkloadForecast => ({
      workload: object.title,
      folder: path,
      does: 'goes',
      rollouts: [],
      budgets: [],
    })),
  ];
}

/**
 * True where a new workload has requests to lose: they come by a Service that led to pods before, and leads to none of them any more. At a
 * first release nobody sends any.
 */
function takesOver(workload: Workload, after: Folder, before: Folder): boolean {
  return after.servicesOf(workload).some((service) => {
    const was = before.get(service.object.key)?.as('/Service') ?? null;
    const former = was === null ? [] : before.selectedBy(was);
    return former.length > 0 && former.every((one) => after.counterpart(one) === undefined);
  });
}

/** Why nothing replaces the pods of a workload by itself; null where its controller does. */
function whyNever({ object }: Workload, folder: Folder): string | null {
  if (object.is('argoproj.io/Rollout')) return 'Argo Rollouts replaces its pods, step by step, which is not forecast';
  if (object.is('apps/Deployment') && object.field('spec', 'paused').value === true) return 'it is paused';
  if (
    object.is('apps/StatefulSet', 'apps/DaemonSet') &&
    object.field('spec', 'updateStrategy', 'type').value === 'OnDelete'
  )
    return 'its update strategy is OnDelete: a pod is replaced when somebody deletes it';
  const replicas = folder.workload(object)?.replicas?.value;
  const partition = object.field('spec', 'updateStrategy', 'rollingUpdate', 'partition').number ?? 0;
  if (object.is('apps/StatefulSet') && partition > 0 && partition >= Number(replicas ?? 1))
    return `its partition of ${partition} keeps every pod as it is`;
  return replicas === 0 ? 'it has 0 replicas' : null;
}

/** The workloads of a changed folder that do not roll, and why. */
function standingIn({ before, after, changes }: FolderComparison): readonly Standing[] {
  const changed = new Map(
    changes.flatMap(({ after: object }) =>
      object === null ? [] : [[`${object.kind} ${object.name}`, object.title] as const],
    ),
  );
  return after.runners.flatMap((workload): readonly Standing[] => {
    const { object } = workload;
    const was = before.workload(before.get(object.key) ?? null);
    const isChanged = was === undefined || isRolled(was, workload);
    if (isChanged && !workload.runsOn) {
      const why =
        object.kind === 'CronJob'
          ? 'its next run uses the new pods'
          : 'its pods are not replaced: it is started anew under another name, or by whoever applies it';
      return was === undefined ? [] : [{ workload: object.title, why }];
    }
    const never = whyNever(workload, after);
    if (isChanged) return never === null ? [] : [{ workload: object.title, why: never }];
    const read = podReferences(workload)
      .filter(({ how }) => how === 'start')
      .flatMap(({ kind, name }) => changed.get(`${kind} ${name}`) ?? []);
    const [first] = read;
    const why =
      first === undefined
        ? 'its pod template stays the same'
        : `its pod template stays the same: its pods read ${first} at their start, and keep what they have read until they are replaced`;
    return [{ workload: object.title, why }];
  });
}

/** What quotas have against pods that run at one time, when everything that rolls does so together. Empty where nothing. */
function quotasDuring(world: World, forecasts: readonly WorkloadForecast[]): readonly string[] {
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
