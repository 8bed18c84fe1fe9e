import { counted } from '../../model/comparison.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule } from '../../rule.ts';

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
