import type { Fields, Finding } from '../finding.ts';

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
  for (const { field, holds, says } of conditions[definition] ?? []) {
    if (!holds(part)) yield { path: field, says };
  }
}
