import { isRecord, says } from '../../../settings/value.ts';
import type { Fields, Finding } from '../finding.ts';

/** The least and the most that a whole number may be; Infinity where Kubernetes sets no end. */
type Bounds = readonly [least: number, most: number];

const natural: Bounds = [0, Infinity];
const positive: Bounds = [1, Infinity];
const port: Bounds = [1, 65_535];
const any: Bounds = [-Infinity, Infinity];

// From pkg/apis/*/validation of Kubernetes. A probe's 0 is taken there, but as the default (pkg/apis/core/v1/defaults.go): a startup
// probe of 0 failures would wait for 3.
const bounds: Readonly<Record<string, Readonly<Record<string, Bounds>>>> = {
  Probe: {
    periodSeconds: positive,
    timeoutSeconds: positive,
    failureThreshold: positive,
    successThreshold: positive,
    terminationGracePeriodSeconds: positive,
  },
  ContainerPort: { containerPort: port, hostPort: port },
  ServicePort: { port, targetPort: port, nodePort: port },
  HTTPGetAction: { port },
  TCPSocketAction: { port },
  GRPCAction: { port },
  NetworkPolicyPort: { port, endPort: port },
  ServiceBackendPort: { number: port },
  EndpointPort: { port },
  ServiceAccountTokenProjection: { expirationSeconds: [600, Infinity] },
  DeploymentSpec: { progressDeadlineSeconds: positive },
  PodSpec: { activeDeadlineSeconds: positive, priority: any },
  TopologySpreadConstraint: { maxSkew: positive, minDomains: positive },
  PriorityClass: { value: any },
  HorizontalPodAutoscalerSpec: { minReplicas: positive, maxReplicas: positive },
  HPAScalingPolicy: { value: positive, periodSeconds: [1, 1_800] },
  HPAScalingRules: { stabilizationWindowSeconds: [0, 3_600] },
  PreferredSchedulingTerm: { weight: [1, 100] },
  WeightedPodAffinityTerm: { weight: [1, 100] },
  ClientIPConfig: { timeoutSeconds: [1, 86_400] },
  JobSpec: { activeDeadlineSeconds: positive },
  CronJobSpec: { startingDeadlineSeconds: natural },
  Toleration: { tolerationSeconds: any },
  ContainerStateTerminated: { exitCode: any, signal: any },
  SecurityContext: { runAsUser: [0, 2 ** 31 - 1], runAsGroup: [0, 2 ** 31 - 1] },
  PodSecurityContext: { runAsUser: [0, 2 ** 31 - 1], runAsGroup: [0, 2 ** 31 - 1], fsGroup: [0, 2 ** 31 - 1] },
  KeyToPath: { mode: [0, 0o777] },
  ConfigMapVolumeSource: { defaultMode: [0, 0o777] },
  SecretVolumeSource: { defaultMode: [0, 0o777] },
  ProjectedVolumeSource: { defaultMode: [0, 0o777] },
  DownwardAPIVolumeFile: { mode: [0, 0o777] },
  DownwardAPIVolumeSource: { defaultMode: [0, 0o777] },
};

/** The numbers right in a part of an object: whole and in bounds; none may be negative unless it is listed. */
export function* numberFindings(definition: string, part: Fields): Generator<Finding> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value !== 'number') continue;
    const [least, most] = bounds[definition]?.[name] ?? natural;
    if (value >= least && value <= most) continue;
    const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
    yield { path: name, says: `is ${value}. Expected a whole number ${range}` };
  }
}

/** A count of pods, or a share of them: `25%`. */
export function* shareFindings(part: unknown, names: readonly string[]): Generator<Finding> {
  if (!isRecord(part)) return;
  for (const name of names) {
    const value = part[name];
    if (typeof value !== 'string') continue;
    if (!/^\d+%$/.test(value)) {
      yield { path: name, says: `${says(value)}. Expected a whole number, or a share such as '25%'` };
    } else if (name !== 'maxSurge' && Number.parseInt(value, 10) > 100) {
      yield { path: name, says: `${says(value)}, more than all pods. Set it to 100% or less` };
    }
  }
}
