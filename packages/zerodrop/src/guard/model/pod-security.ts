import { type Field, isRecord } from './object.ts';
import { entryName, type Workload } from './workload.ts';

/** A level of the Pod Security Standards. */
export type Level = 'privileged' | 'baseline' | 'restricted';

/** Capabilities that the level `baseline` lets a container add. */
const harmlessCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const restrictedVolumes = new Set([
  'name',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** What of a workload's pods a level forbids, and where it stands (kubernetes/pod-security-admission/policy). */
export interface Violation {
  readonly at: Field<unknown>;
  readonly says: string;
}

/** The violations of a level. */
export function violations(workload: Workload, level: Level): readonly Violation[] {
  if (level === 'privileged') return [];
  return [...ofBaseline(workload), ...(level === 'restricted' ? ofRestricted(workload) : [])];
}

function ofBaseline({ pod, everyContainer }: Workload): readonly Violation[] {
  const namespaces = [pod.at('hostNetwork'), pod.at('hostPID'), pod.at('hostIPC')].filter(
    (field) => field.value === true,
  );
  const volumes = pod
    .at('volumes')
    .items()
    .map((volume) => volume.at('hostPath'))
    .filter((path) => path.isSet);
  return [
    ...namespaces.map((at) => ({ at, says: `uses ${String(at.keys.at(-1))}` })),
    ...volumes.map((at) => ({ at, says: 'mounts a path of its node (hostPath)' })),
    ...everyContainer.flatMap((container) => {
      const context = container.at('securityContext');
      const added = context
        .at('capabilities', 'add')
        .items()
        .filter((name) => !harmlessCapabilities.has(name.text ?? ''));
      return [
        ...(context.at('privileged').value === true ? [{ at: context.at('privileged'), says: 'is privileged' }] : []),
        ...added.map((at) => ({ at, says: `adds the capability ${String(at.value)}` })),
        ...container
          .at('ports')
          .items()
          .map((port) => port.at('hostPort'))
          .filter((port) => (port.number ?? 0) > 0)
          .map((at) => ({ at, says: `takes port ${String(at.value)} of its node` })),
      ];
    }),
  ];
}

function ofRestricted({ pod, everyContainer }: Workload): readonly Violation[] {
  const ofPod = pod.at('securityContext');
  const volumes = pod
    .at('volumes')
    .items()
    .filter((volume) => volume.entries().some(([key]) => !restrictedVolumes.has(key) && key !== 'hostPath'));
  return [
    ...volumes.map((at) => ({
      at,
      says: `mounts a volume of a kind that is not allowed (${entryName(at)})`,
    })),
    ...everyContainer.flatMap((container): readonly Violation[] => {
      const context = container.at('securityContext');
      const name = entryName(container);
      const root = context.at('runAsNonRoot').value ?? ofPod.at('runAsNonRoot').value;
      const profile = context.at('seccompProfile', 'type').value ?? ofPod.at('seccompProfile', 'type').value;
      const dropped = context
        .at('capabilities', 'drop')
        .items()
        .map((item) => item.value);
      const missing = [
        context.at('allowPrivilegeEscalation').value === false ? [] : ['allowPrivilegeEscalation: false'],
        root === true ? [] : ['runAsNonRoot: true'],
        profile === 'RuntimeDefault' || profile === 'Localhost' ? [] : ['a seccompProfile'],
        dropped.includes('ALL') ? [] : ['capabilities.drop: [ALL]'],
      ].flat();
      const user = context.at('runAsUser').value ?? ofPod.at('runAsUser').value;
      return [
        ...(missing.length > 0
          ? [{ at: container, says: `lacks ${missing.join(', ')} in its container ${name}` }]
          : []),
        ...(user === 0
          ? [
              {
                at: context.at('runAsUser').isSet ? context.at('runAsUser') : ofPod.at('runAsUser'),
                says: 'runs as root',
              },
            ]
          : []),
      ];
    }),
  ];
}

/** The level that a namespace enforces. */
export function enforcedLevel(labels: unknown): Level {
  const level = isRecord(labels) ? labels['pod-security.kubernetes.io/enforce'] : undefined;
  return level === 'baseline' || level === 'restricted' ? level : 'privileged';
}
