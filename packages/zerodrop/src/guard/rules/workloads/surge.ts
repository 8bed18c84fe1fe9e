import type { Folder } from '../../model/folder.ts';
import { podCount, surgePods } from '../../model/scaling.ts';
import { selects, type Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule } from '../../rule.ts';
import { refusedByNamespace } from './quota.ts';
import { missingPods, shareOf } from './rollout.ts';

const why =
  'The new pod of a rollout then waits for a place and never starts: the rollout stops, and counts as failed after its deadline.';

export const noRoomForSurge: Rule = {
  id: 'no-room-for-surge',
  title: 'The additional pod of a rollout has no place',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) => [
    ...folder.workloads.flatMap((workload) => (waitsForPlace(workload, folder) ? ofWorkload(workload, folder) : [])),
    ...refusedByNamespace(folder),
    ...folder.workloads.flatMap((workload) => onNamedNode(workload, folder)),
  ],
};

/** A rollout that may take an old pod away first has a place by that. */
function waitsForPlace(workload: Workload, folder: Folder): boolean {
  const update = workload.object.as('apps/Deployment')?.at('spec', 'strategy', 'rollingUpdate');
  if (update === undefined || surgePods(workload, folder) === 0) return false;
  const { least } = podCount(folder, workload);
  return missingPods(shareOf(update.at('maxSurge')), shareOf(update.at('maxUnavailable')), least) === 0;
}

function ofWorkload(workload: Workload, folder: Folder): readonly Fault[] {
  return [
    ...onOneNode(workload, folder),
    ...hostPorts(workload),
    ...apartFromItself(workload, folder),
    ...spread(workload),
  ];
}

/** Disks that a pod names without a claim, and that one node at a time can write to. */
const disks = ['awsElasticBlockStore', 'azureDisk', 'cinder', 'fc', 'gcePersistentDisk', 'iscsi', 'rbd'] as const;
const ownDisk =
  'Use a StatefulSet with a claim for each pod, a volume that many nodes can have, or the strategy Recreate.';

/** A volume that one node, or one pod, can have at a time. */
function onOneNode(workload: Workload, folder: Folder): readonly Fault[] {
  return workload.pod
    .at('volumes')
    .items()
    .flatMap((volume) => {
      const disk = disks.map((kind) => volume.at(kind)).find((field) => field.isSet);
      if (disk !== undefined && disk.loose('readOnly').value !== true) {
        return [
          {
            at: disk,
            key: `disk ${String(volume.at('name').value)}`,
            what: `mounts a disk that only one node can have (${String(disk.keys.at(-1))}), and starts new pods beside the old ones`,
            why,
            fix: ownDisk,
          },
        ];
      }
      const name = volume.at('persistentVolumeClaim', 'claimName');
      const claim = folder.find('/PersistentVolumeClaim', workload.object.namespace, name.text ?? '');
      if (claim === undefined) return [];
      const modes = claim
        .field('spec', 'accessModes')
        .each()
        .map((mode) => mode.value);
      if (!modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')) return [];
      return [
        {
          at: name,
          key: claim.title,
          what: `mounts ${claim.title}, which only one node can have (${modes.join(', ')}), and starts new pods beside the old ones`,
          why,
          fix: ownDisk,
        },
      ];
    });
}

/** A port of a node can be taken once. */
function hostPorts(workload: Workload): readonly Fault[] {
  const network = workload.pod.at('hostNetwork');
  const ports = workload.everyContainer.flatMap((container) => container.at('ports').items());
  const taken =
    network.value === true
      ? ports.slice(0, 1)
      : ports.filter((port) => (port.at('hostPort').number ?? 0) > 0).slice(0, 1);
  return taken.map((port) => ({
    at: network.value === true ? network : port.at('hostPort'),
    key: 'host port',
    what:
      network.value === true
        ? `uses the network of its node (hostNetwork) for port ${String(port.at('containerPort').value)}`
        : `takes port ${String(port.at('hostPort').value)} of its node (hostPort)`,
    why: `A node has one such port, so there have to be as many free nodes as there are new pods. ${why}`,
    fix: 'Use a Service, or a DaemonSet.',
  }));
}

/** Pods that may not stand beside each other need a node, or a zone, more than there are pods. */
function apartFromItself(workload: Workload, folder: Folder): readonly Fault[] {
  const terms = workload.pod
    .at('affinity')
    .at('podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
    .items();
  return terms.flatMap((term): readonly Fault[] => {
    // With this key only pods of the same revision keep apart.
    const labels = term
      .at('matchLabelKeys')
      .items()
      .map((key) => key.value);
    if (labels.includes('pod-template-hash') || !selects(term.at('labelSelector').value, workload.labels)) return [];
    const key = String(term.at('topologyKey').value);
    const needed = podCount(folder, workload).least + surgePods(workload, folder);
    const isZone = key.endsWith('zone');
    return [
      {
        at: term.at('topologyKey'),
        key: `apart ${key} ${needed}`,
        what: `keeps its pods on different values of ${key}, and needs ${needed} of them for a rollout`,
        why: isZone ? `A region has three zones as a rule. ${why}` : `It takes ${needed} nodes with room. ${why}`,
        fix: 'Prefer to keep pods apart (preferredDuringScheduling...), or add matchLabelKeys: [pod-template-hash].',
        ...(isZone && needed > 3 ? {} : { severity: 'warn' as const }),
      },
    ];
  });
}

function spread(workload: Workload): readonly Fault[] {
  return workload.pod
    .at('topologySpreadConstraints')
    .items()
    .flatMap((constraint): readonly Fault[] => {
      const isHard = constraint.at('whenUnsatisfiable').value !== 'ScheduleAnyway';
      const byRevision = constraint
        .at('matchLabelKeys')
        .items()
        .some((key) => key.value === 'pod-template-hash');
      if (!isHard || byRevision || !selects(constraint.at('labelSelector').value, workload.labels)) return [];
      return [
        {
          at: constraint,
          key: `spread ${String(constraint.at('topologyKey').value)}`,
          severity: 'warn',
          what: `spreads its pods over ${String(constraint.at('topologyKey').value)} or does not start them (DoNotSchedule), and counts old and new pods together`,
          why: `Where old pods take the place, a new one may find none. ${why}`,
          fix: 'Add matchLabelKeys: [pod-template-hash], or use ScheduleAnyway.',
        },
      ];
    });
}

/** Pods that can run on one node alone have no other place when it is drained. */
function onNamedNode(workload: Workload, folder: Folder): readonly Fault[] {
  if (!folder.receivesRequests(workload) || podCount(folder, workload).least < 2) return [];
  const [name, selected] = [
    workload.pod.at('nodeName'),
    workload.pod.at('nodeSelector').loose('kubernetes.io/hostname'),
  ];
  const at = name.isSet ? name : selected;
  if (!at.isSet) return [];
  return [
    {
      at,
      key: 'one node',
      severity: 'warn',
      what: `runs all of its pods on the node ${String(at.value)}`,
      why: 'When that node fails or is drained, none of them has another place, and every request fails.',
      fix: 'Select nodes by what they have in common.',
    },
  ];
}
