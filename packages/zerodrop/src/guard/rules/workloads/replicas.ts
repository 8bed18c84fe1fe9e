import type { Profile } from '../../finding.ts';
import { counted, type FolderComparison } from '../../model/comparison.ts';
import type { Folder, World } from '../../model/folder.ts';
import type { Field } from '../../model/object.ts';
import { podCount, scalerOf, scalersOf } from '../../model/scaling.ts';
import { ignoresField } from '../../model/sync.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, formerly, isOfArgo, refused, type Rule, warnedElsewhere } from '../../rule.ts';

/** Two: with one, the loss of its node is an outage, and evicting it is one too. */
const fewest = 2;

const why = 'With fewer than two pods, a node that fails or is drained is an outage.';

export const replicasLost: Rule = {
  id: 'replicas-lost',
  title: 'Fewer than two pods serve requests',
  severity: refused,
  judges: 'change',
  faults: (folder, { before }, profile) =>
    folder.after.workloads.flatMap((workload) => lost(workload, folder, before, profile) ?? []),
};

function lost(workload: Workload, folder: FolderComparison, world: World, profile: Profile): Fault | null {
  if (workload.replicas === null || isNoNumber(workload.replicas)) return null;
  const old = folder.before.counterpart(workload);
  const receives =
    folder.after.receivesRequests(workload) || (old !== undefined && folder.before.receivesRequests(old));
  if (!receives) return null;
  const scaler = scalerOf(folder.after, workload);
  const { least } = podCount(folder.after, workload);
  if (old === undefined) {
    // A store of one node is what it is; nobody relies on it yet.
    if (least >= fewest || workload.kind === 'StatefulSet' || profile === 'any') return null;
  } else {
    if (isHandOver(workload, old, folder, world)) return handOver(workload, old, folder.isOfArgo);
    const before = podCount(folder.before, old);
    if (least >= fewest || least >= before.least) return null;
  }
  if (scaler !== undefined) {
    const what = `lets ${workload.object.title} shrink to ${counted(least, 'pod')}`;
    return { at: scaler.leastAt, what, why, fix: `Set the minimum to ${fewest} or more.`, instead: formerly };
  }
  const had = old?.replicas?.number;
  const from = had === undefined ? '' : ` (was ${had})`;
  const what = workload.replicas.isSet
    ? `asks for ${counted(least, 'replica')}${from}`
    : `leaves replicas unset${from}, so Kubernetes sets 1`;
  return { at: workload.replicas, what, why, fix: `Set replicas to ${fewest} or more.`, instead: formerly };
}

/** Of a value that no API server takes another rule says more. */
function isNoNumber(replicas: Field<unknown>): boolean {
  return replicas.isSet && replicas.number === undefined;
}

/** The number leaves the manifest, and the autoscaler does not own it: it has not written one while git wrote its own. */
function isHandOver(workload: Workload, old: Workload, folder: FolderComparison, world: World): boolean {
  const isTakenOut = old.replicas?.isSet === true && workload.replicas?.isSet === false;
  const isOwned =
    scalerOf(folder.before, old) !== undefined &&
    world.applicationsOf(folder.path).some((application) => ignoresField(application, old.object, '/spec/replicas'));
  return isTakenOut && scalerOf(folder.after, workload) !== undefined && !isOwned;
}

function handOver(workload: Workload, old: Workload, isApplied: boolean): Fault {
  return {
    at: workload.replicas ?? workload.object.field('spec', 'replicas'),
    what: `hands its ${String(old.replicas?.value)} replicas over to an autoscaler that does not own the field yet`,
    why: 'When a field that only git sets leaves git, Kubernetes sets replicas to 1 at once, and the autoscaler starts from there.',
    fix: isApplied
      ? 'First let the Application ignore the field (ignoreDifferences /spec/replicas with RespectIgnoreDifferences=true) and add the autoscaler; remove replicas from the manifest in a later commit, when the autoscaler owns the field.'
      : 'First add the autoscaler, and remove replicas from the manifest in a later commit, when the autoscaler owns the field (kubectl get --show-managed-fields).',
  };
}

export const capacityCut: Rule = {
  id: 'capacity-cut',
  title: 'More than half of the pods go at once',
  severity: warnedElsewhere,
  judges: 'change',
  faults: (folder) => folder.after.workloads.flatMap((workload) => cut(workload, folder) ?? []),
};

function cut(workload: Workload, folder: FolderComparison): Fault | null {
  const old = folder.before.counterpart(workload);
  const isUnknown = workload.replicas !== null && isNoNumber(workload.replicas);
  if (old === undefined || isUnknown || !folder.before.receivesRequests(old)) return null;
  const [before, after] = [podCount(folder.before, old), podCount(folder.after, workload)];
  // Below four pods before, or two after, replicas-lost says more.
  if (before.most < 4 || after.most < fewest || after.most * 2 >= before.most) return null;
  const scaler = scalerOf(folder.after, workload);
  const subject = scaler === undefined ? 'runs' : `lets ${workload.object.title} have`;
  return {
    at: scaler?.mostAt ?? workload.replicas ?? workload.object.field('spec'),
    what: `${subject} at most ${counted(after.most, 'pod')} instead of ${before.most}`,
    why: 'The pods above that number end as soon as this is applied, whatever they carry, and the rest gets all requests at once.',
    fix: 'Lower the number in steps, each at most by half.',
    pods: before.most - after.most,
  };
}

export const autoscalerOverridden: Rule = {
  id: 'autoscaler-overridden',
  title: 'Two objects say how many pods there are',
  severity: refused,
  judges: 'state',
  faults: ({ folder, world, profile }) =>
    folder.workloads.flatMap((workload) => {
      const { replicas, object } = workload;
      const scaler = scalerOf(folder, workload);
      const twice = scaledTwice(workload, folder);
      if (scaler === undefined || replicas?.number === undefined) return twice;
      if (
        world.applicationsOf(folder.path).some((application) => ignoresField(application, object, '/spec/replicas'))
      ) {
        return twice;
      }
      return [
        ...twice,
        {
          at: replicas,
          key: scaler.title,
          what: `sets replicas to ${replicas.number}, and ${scaler.title} sets it as well`,
          why: `Each time the manifest is applied takes the pods back from what the load needs, up to ${scaler.most}, to ${replicas.number}: the others end at once.`,
          fix: `${isOfArgo(folder.path, world, profile) ? 'Let the Application ignore the field (ignoreDifferences /spec/replicas with RespectIgnoreDifferences=true), or leave' : 'Leave'} replicas out. Of a Deployment that runs already, remove it only when the autoscaler owns the field (kubectl get --show-managed-fields), since Kubernetes otherwise sets 1.`,
        },
      ];
    }),
};

/** By this annotation KEDA takes over an autoscaler that is there. */
const takeover = 'scaledobject.keda.sh/transfer-hpa-ownership';

function scaledTwice(workload: Workload, folder: Folder): readonly Fault[] {
  const [first, second] = scalersOf(folder, workload);
  if (first === undefined || second === undefined || second.field.object.annotation(takeover) === 'true') return [];
  return [
    {
      at: second.leastAt,
      about: second.field.object,
      key: `${first.title} ${workload.object.title}`,
      what: `scales ${workload.object.title}, which ${first.title} scales as well`,
      why: 'Each takes the pods back from what the other one has set, and those above its number end at once, whatever they carry.',
      fix: 'Keep one of them, with the metrics of both.',
    },
  ];
}
