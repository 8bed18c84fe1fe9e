import { isRecord, says } from '../../../settings/sentences.ts';
import type { Fields, Finding } from '../grammar.ts';

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

/** A field that depends on another one. */
interface Condition {
  readonly field: string;
  readonly holds: (part: Fields) => boolean;
  /** The rest of a sentence about the field. */
  readonly says: string;
}

/** A field that may be set only where this holds. */
function only(field: string, because: string, holds: (part: Fields) => boolean): Condition {
  const isUnset = (part: Fields): boolean => part[field] === undefined;
  return { field, says: `is set, but ${because}. Remove it`, holds: (part) => isUnset(part) || holds(part) };
}

/** A field that has to be set where this holds. */
function needs(field: string, because: string, applies: (part: Fields) => boolean): Condition {
  const isSet = (part: Fields): boolean => part[field] !== undefined && part[field] !== '';
  return { field, says: `is missing, but ${because}. Add it`, holds: (part) => isSet(part) || !applies(part) };
}

const balanced = (field: string): Condition =>
  only(field, 'goes only with type LoadBalancer', ({ type }) => type === 'LoadBalancer');
const asSidecar = (field: string): Condition =>
  only(field, 'an init container has one only with restartPolicy Always', (part) => part['restartPolicy'] === 'Always');
// The kubelet refuses to start it.
const notRoot = only(
  'runAsNonRoot',
  'runAsUser is 0, which is root',
  ({ runAsNonRoot, runAsUser }) => runAsNonRoot !== true || runAsUser !== 0,
);
const localProfile: readonly Condition[] = [
  only('localhostProfile', 'goes only with type Localhost', ({ type }) => type === 'Localhost'),
  needs('localhostProfile', 'type Localhost needs it', ({ type }) => type === 'Localhost'),
];

// From the validation folders of pkg/apis in Kubernetes, by schema; InitContainer is a container of initContainers.
const conditions: Readonly<Record<string, readonly Condition[]>> = {
  ServiceSpec: [
    balanced('loadBalancerClass'),
    balanced('allocateLoadBalancerNodePorts'),
    balanced('loadBalancerSourceRanges'),
    only(
      'healthCheckNodePort',
      'goes only with type LoadBalancer and externalTrafficPolicy Local',
      ({ type, externalTrafficPolicy, healthCheckNodePort }) =>
        healthCheckNodePort === 0 || (type === 'LoadBalancer' && externalTrafficPolicy === 'Local'),
    ),
    only(
      'sessionAffinityConfig',
      'goes only with sessionAffinity ClientIP',
      ({ sessionAffinity }) => sessionAffinity === 'ClientIP',
    ),
  ],
  InitContainer: ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].map(asSidecar),
  PodSecurityContext: [notRoot],
  SecurityContext: [
    notRoot,
    only(
      'privileged',
      'allowPrivilegeEscalation is false',
      ({ privileged, allowPrivilegeEscalation }) => privileged === false || allowPrivilegeEscalation !== false,
    ),
  ],
  SeccompProfile: localProfile,
  AppArmorProfile: localProfile,
  Toleration: [only('value', 'operator Exists takes none', (part) => part['operator'] !== 'Exists' || !part['value'])],
  VolumeMount: [
    only('subPathExpr', 'subPath is set as well', ({ subPath }) => subPath === undefined || subPath === ''),
  ],
  StatefulSetUpdateStrategy: [only('rollingUpdate', 'type OnDelete takes none', ({ type }) => type !== 'OnDelete')],
  JobSpec: [
    only('selector', 'a job makes its own without manualSelector', (part) => part['manualSelector'] === true),
    needs('completions', 'completionMode Indexed needs it', ({ completionMode }) => completionMode === 'Indexed'),
  ],
  MetricTarget: [
    only('averageValue', 'averageUtilization is set as well', (part) => part['averageUtilization'] === undefined),
    only('value', 'averageValue is set as well', (part) => part['averageValue'] === undefined),
  ],
  Subject: [
    only('apiGroup', 'a ServiceAccount has none', ({ kind, apiGroup }) => kind !== 'ServiceAccount' || apiGroup === ''),
    needs('namespace', 'a ServiceAccount is in one', ({ kind }) => kind === 'ServiceAccount'),
  ],
};

/** Fields of a part that may not be there beside others, or have to be. */
export function* conditionFindings(definition: string, part: Fields): Generator<Finding> {
  for (const { field, holds, says: words } of conditions[definition] ?? []) {
    if (!holds(part)) yield { path: field, says: words };
  }
}
