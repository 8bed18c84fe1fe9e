import { counted } from '../../model/comparison.ts';
import type { Folder } from '../../model/folder.ts';
import type { Field } from '../../model/object.ts';
import { podCount } from '../../model/scaling.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule, warnedElsewhere } from '../../rule.ts';

export const maxUnavailable: Rule = {
  id: 'max-unavailable',
  title: 'A rollout takes pods away before others serve',
  severity: refused,
  sparesNew: ['any'],
  judges: 'state',
  faults: ({ folder }) =>
    folder.workloads
      .filter((workload) => folder.receivesRequests(workload))
      .flatMap((workload) => ofDeployment(workload, folder) ?? inPlace(workload) ?? []),
};

/** The parts of a rolling update, in pods or shares; a quarter is what Kubernetes takes where nothing is said. */
interface Update {
  readonly surge: Field<number | string | undefined>;
  readonly unavailable: Field<number | string | undefined>;
}

function ofDeployment(workload: Workload, folder: Folder): Fault | null {
  const strategy = workload.object.as('apps/Deployment')?.at('spec', 'strategy');
  if (strategy?.at('type').value === 'Recreate') {
    return {
      at: strategy.at('type'),
      what: 'has the strategy Recreate',
      why: 'Every pod ends before the first new one starts, and requests fail until one is ready.',
      fix: 'Use RollingUpdate with maxUnavailable 0.',
      instead: 'RollingUpdate',
    };
  }
  const canary = workload.object.as('argoproj.io/Rollout')?.at('spec', 'strategy', 'canary');
  if (canary !== undefined && !canary.isSet) return null;
  const update: Update | undefined =
    canary === undefined
      ? strategy && {
          surge: strategy.at('rollingUpdate', 'maxSurge'),
          unavailable: strategy.at('rollingUpdate', 'maxUnavailable'),
        }
      : { surge: canary.at('maxSurge'), unavailable: canary.at('maxUnavailable') };
  return update === undefined ? null : ofUpdate(update, workload, folder);
}

function ofUpdate({ surge, unavailable }: Update, workload: Workload, folder: Folder): Fault | null {
  const { least, most } = podCount(folder, workload);
  const missing = missingPods(shareOf(surge), shareOf(unavailable), most);
  if (missing === 0) return null;
  const pods = `${least === most ? '' : 'up to '}${missing} of ${counted(most, 'pod')}`;
  return {
    at: unavailable,
    key: `${shareOf(unavailable)} ${shareOf(surge)}`,
    what: `lets a rollout take away ${pods} before others serve (maxUnavailable ${shareOf(unavailable)}, maxSurge ${shareOf(surge)})`,
    why: 'The pods that are left carry every request, and may be too few.',
    fix: 'Set maxUnavailable to 0 and maxSurge to 1 or more.',
    pods: missing,
    instead: 0,
  };
}

/**
 * The pods that a rolling update may take away first: a share is rounded down, and one pod goes where both numbers come to
 * nothing (kubernetes/pkg/controller/deployment/util/deployment_util.go, `ResolveFenceposts`).
 */
export function missingPods(surge: number | string, unavailable: number | string, pods: number): number {
  const away = typeof unavailable === 'number' ? unavailable : percent(unavailable, pods, Math.floor);
  const more = typeof surge === 'number' ? surge : percent(surge, pods, Math.ceil);
  if (away > 0) return Math.min(away, pods);
  return more > 0 ? 0 : Math.min(1, pods);
}

function percent(share: string, pods: number, round: (value: number) => number): number {
  return round((Number.parseFloat(share) * pods) / 100);
}

export function shareOf(field: Field<number | string | undefined>): number | string {
  const { value } = field;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+%$/.test(value) ? value : '25%';
}

/** A StatefulSet or DaemonSet replaces a pod in its place, so one is always missing for a while. */
function inPlace({ object, kind }: Workload): Fault | null {
  const update =
    object.as('apps/StatefulSet')?.at('spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable') ??
    object.as('apps/DaemonSet')?.at('spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable');
  if (update === undefined || !update.isSet || update.value === 0 || update.value === 1) return null;
  return {
    at: update,
    what: `lets a rollout take away ${String(update.value)} of its pods at a time`,
    why: `A ${kind} replaces pods in their place, and the pods that are left may be too few.`,
    fix: 'Set maxUnavailable to 1.',
    instead: 1,
  };
}

const why = 'A release and its revert are applied without a word, and no pod is replaced.';

export const rolloutPaused: Rule = {
  id: 'rollout-paused',
  title: 'A workload does not roll out what is applied',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) => folder.workloads.flatMap((workload) => paused(workload) ?? onDelete(workload) ?? []),
};

function paused({ object }: Workload): Fault | null {
  const field =
    object.as('apps/Deployment')?.at('spec', 'paused') ?? object.as('argoproj.io/Rollout')?.at('spec', 'paused');
  if (field?.value !== true) return null;
  return { at: field, what: 'is paused', why, fix: 'Take paused away. Hold a release back by not merging it.' };
}

function onDelete({ object, replicas }: Workload): Fault | null {
  const type =
    object.as('apps/StatefulSet')?.at('spec', 'updateStrategy', 'type') ??
    object.as('apps/DaemonSet')?.at('spec', 'updateStrategy', 'type');
  if (type?.value === 'OnDelete') {
    return {
      at: type,
      what: 'replaces pods only when somebody deletes them (OnDelete)',
      why,
      fix: 'Use RollingUpdate.',
      instead: 'RollingUpdate',
    };
  }
  const partition = object.as('apps/StatefulSet')?.at('spec', 'updateStrategy', 'rollingUpdate', 'partition');
  const from = partition?.number ?? 0;
  if (partition === undefined || from <= 0) return null;
  const pods = replicas?.number ?? 1;
  const isWhole = from >= pods;
  return {
    at: partition,
    what: `rolls out to ${isWhole ? 'none' : `${pods - from}`} of its ${counted(pods, 'pod')} (partition ${from})`,
    why: isWhole
      ? why
      : 'The others keep the old version for as long as the partition stands, and a revert replaces only some.',
    instead: 0,
    fix: 'Set partition to 0, unless this is a step of a rollout by hand.',
    ...(isWhole ? {} : { severity: 'warn' as const }),
  };
}

/** A tag can be moved: a pod that starts again later may run what nobody reviewed, beside pods that run what was. */
export const imageUnpinned: Rule = {
  id: 'image-unpinned',
  title: 'An image has no digest',
  severity: warnedElsewhere,
  judges: 'change',
  faults: ({ before, after, changes }, _comparison, profile) =>
    changes.flatMap(({ before: old, after: object }): readonly Fault[] => {
      const runner = after.workload(object);
      if (runner === undefined) return [];
      const former = before.workload(old);
      const known = (former?.everyContainer ?? []).map((container) => container.at('image').value);
      const loose = runner.everyContainer.filter((container) => {
        const { value } = container.at('image');
        return value !== undefined && !isPinned(value) && !known.includes(value);
      });
      // Elsewhere tags are a custom; what counts is a digest that is given up.
      const wasPinned = known.length > 0 && known.every(isPinned);
      if (profile === 'any' && !wasPinned) return [];
      return loose.map((container) => {
        const image = container.at('image');
        return {
          at: image,
          what: `runs the image ${String(image.value)}, which has no digest`,
          why: 'The tag can be moved, and a pod that starts later, on another node, then runs what nobody has reviewed.',
          fix: 'Name the image as name:tag@sha256:...',
        };
      });
    }),
};

function isPinned(image: unknown): boolean {
  return typeof image === 'string' && /@sha256:[0-9a-f]{64}$/.test(image);
}
