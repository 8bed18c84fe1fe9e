import { k8s } from 'cdk8s-plus-28';
import type { ContainerRequest } from './container-problems.ts';
import { selectorLabels } from './labels.ts';
import { probes } from './probes.ts';
import type { Rollout } from './rollout.ts';

/** What one pod of an app is made of. */
export interface PodProps extends ContainerRequest {
  readonly name: string;
  /** `name:tag@sha256:<64 hex>`. */
  readonly image: string;
}

function spread(name: string, topologyKey: string): k8s.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey,
    // Never DoNotSchedule: a surge pod that waits for a second node would hold the rollout up.
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels(name) },
    // Counts each version for itself: else the new pods go where the old ones happen not to be, and stay there.
    matchLabelKeys: ['pod-template-hash'],
  };
}

/** The variables that follow from the rollout: an app's own may not repeat them. */
export function derivedVariables(
  { port, managementPort }: ContainerRequest,
  rollout: Pick<Rollout, 'drainSeconds' | 'longestRequestSeconds'>,
): k8s.EnvVar[] {
  return [
    { name: 'PORT', value: String(port) },
    { name: 'MANAGEMENT_PORT', value: String(managementPort) },
    // The app drains by itself: a preStop hook would keep it from telling its clients to go.
    { name: 'DRAIN_MS', value: String(Math.round(rollout.drainSeconds * 1_000)) },
    { name: 'SHUTDOWN_LIMIT_MS', value: String(Math.round(rollout.longestRequestSeconds * 1_000)) },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  ];
}

function container(props: PodProps, rollout: Rollout): k8s.Container {
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: 'IfNotPresent',
    ports: [
      { name: 'http', containerPort: props.port, protocol: 'TCP' },
      { name: 'management', containerPort: props.managementPort, protocol: 'TCP' },
    ],
    env: [...derivedVariables(props, rollout), ...props.env],
    ...probes(rollout, props.managementPort),
    resources: {
      requests: {
        cpu: k8s.Quantity.fromString(props.cpu),
        memory: k8s.Quantity.fromString(props.memory),
      },
      // No limit on CPU: being throttled in the middle of a drain is what it would buy.
      limits: { memory: k8s.Quantity.fromString(props.memory) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

/** The pod of an app that loses nothing, within Pod Security `restricted`. */
export function podSpec(props: PodProps, rollout: Rollout): k8s.PodSpec {
  return {
    serviceAccountName: props.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: rollout.terminationGracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      // Distroless' nonroot, by number: the kubelet can't tell whether a user that an image names is root.
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: [
      spread(props.name, 'topology.kubernetes.io/zone'),
      spread(props.name, 'kubernetes.io/hostname'),
    ],
    containers: [container(props, rollout)],
  };
}
