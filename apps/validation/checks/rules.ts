import { says } from '../../../settings/sentences.ts';
import {
  addressFault,
  type Fields,
  filePathFault,
  type Finding,
  hostFault,
  label1035Fault,
  labelFault,
  labelValueFault,
  matching,
  type NameFault,
  oneOf,
  pathSegmentFault,
  portNameFault,
  qualifiedFault,
  rangeFault,
  subdomainFault,
  variableFault,
} from '../grammar.ts';

const key = matching(/^[-._a-zA-Z0-9]{1,253}$/, "letters, digits, '_', '.' and '-'");
const qualified: NameFault = (name) =>
  qualifiedFault(name) === null ? null : `${says(name)}. Expected name or domain/name`;
const optionalName: NameFault = (name) => (name === '' ? null : subdomainFault(name));
const clusterAddress: NameFault = (address) => (address === '' || address === 'None' ? null : addressFault(address));
const zone: NameFault = (name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(name) });
    return null;
  } catch {
    return `${says(name)}. Expected a time zone such as Etc/UTC`;
  }
};
// pkg/apis/core/pods/helpers.go and pkg/apis/core/validation/validation.go of Kubernetes.
const podField = matching(
  /^(?:metadata\.(?:name|namespace|uid|labels|annotations|(?:labels|annotations)\['[^']+'\])|spec\.(?:nodeName|serviceAccountName)|status\.(?:hostIPs?|podIPs?))$/,
  'a field of the pod such as metadata.name',
);
const containerResource = matching(
  /^(?:requests|limits)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)$/,
  'a resource such as limits.memory',
);

// From the validation folders of pkg/apis in Kubernetes: the grammar of texts by schema and field, of each item where the field is a list.
const grammars: Readonly<Record<string, Readonly<Record<string, NameFault>>>> = {
  EnvFromSource: { prefix: (prefix) => (prefix === '' ? null : variableFault(prefix)) },
  SecretKeySelector: { name: subdomainFault, key },
  ConfigMapKeySelector: { name: subdomainFault, key },
  SecretEnvSource: { name: subdomainFault },
  ConfigMapEnvSource: { name: subdomainFault },
  ConfigMapVolumeSource: { name: subdomainFault },
  SecretVolumeSource: { secretName: subdomainFault },
  ConfigMapProjection: { name: subdomainFault },
  SecretProjection: { name: subdomainFault },
  PersistentVolumeClaimVolumeSource: { claimName: subdomainFault },
  KeyToPath: { key, path: filePathFault },
  DownwardAPIVolumeFile: { path: filePathFault },
  ServiceAccountTokenProjection: { path: filePathFault },
  ObjectFieldSelector: { apiVersion: oneOf('v1'), fieldPath: podField },
  ResourceFieldSelector: { resource: containerResource },
  ContainerResizePolicy: {
    resourceName: oneOf('cpu', 'memory'),
    restartPolicy: oneOf('NotRequired', 'RestartContainer'),
  },
  HTTPGetAction: { port: portNameFault },
  TCPSocketAction: { port: portNameFault },
  HTTPHeader: { name: matching(/^[-A-Za-z0-9]+$/, 'the name of a header: letters, digits and hyphens') },
  PodSpec: {
    hostname: labelFault,
    subdomain: labelFault,
    serviceAccountName: optionalName,
    serviceAccount: optionalName,
    priorityClassName: optionalName,
    runtimeClassName: optionalName,
  },
  LocalObjectReference: { name: subdomainFault },
  PodDNSConfig: {
    nameservers: addressFault,
    searches: matching(/^(?:\.|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?)$/, 'a domain'),
  },
  HostAlias: { ip: addressFault, hostnames: subdomainFault },
  Sysctl: { name: matching(/^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:[./][a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/, 'a sysctl') },
  Toleration: {
    key: qualified,
    value: labelValueFault,
    effect: oneOf('', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  },
  TopologySpreadConstraint: { topologyKey: qualified, matchLabelKeys: qualified },
  PodAffinityTerm: { topologyKey: qualified },
  NodeSelectorRequirement: { key: qualified },
  PodReadinessGate: { conditionType: qualified },
  StatefulSetSpec: { serviceName: labelFault },
  VolumeMount: { subPath: (path) => (path === '' ? null : filePathFault(path)) },
  HostPathVolumeSource: { path: matching(/^(?!(?:.*\/)?\.\.(?:\/|$))/, 'a path without ..') },
  ResourceMetricSource: { name: matching(/./, 'a resource such as cpu') },
  PersistentVolumeClaimSpec: { storageClassName: optionalName },
  ServiceSpec: {
    loadBalancerSourceRanges: rangeFault,
    externalIPs: addressFault,
    ipFamilies: oneOf('IPv4', 'IPv6'),
    clusterIP: clusterAddress,
    clusterIPs: clusterAddress,
  },
  ServicePort: { appProtocol: qualified },
  IngressServiceBackend: { name: label1035Fault },
  ServiceBackendPort: { name: portNameFault },
  IngressSpec: { ingressClassName: subdomainFault },
  IngressTLS: { hosts: hostFault, secretName: optionalName },
  IngressRule: { host: (host) => (host === '' ? null : hostFault(host)) },
  CrossVersionObjectReference: {
    apiVersion: matching(/^(?:[a-z0-9.-]+\/)?v\d+(?:(?:alpha|beta)\d+)?$/, 'an apiVersion such as apps/v1'),
    kind: pathSegmentFault,
    name: pathSegmentFault,
  },
  MetricSpec: { type: oneOf('ContainerResource', 'External', 'Object', 'Pods', 'Resource') },
  MetricTarget: { type: oneOf('AverageValue', 'Utilization', 'Value') },
  MetricIdentifier: { name: pathSegmentFault },
  HPAScalingPolicy: { type: oneOf('Percent', 'Pods') },
  CronJobSpec: { timeZone: zone },
  LimitRangeItem: {
    type: (type) => (String(type).includes('/') ? null : oneOf('Container', 'Pod', 'PersistentVolumeClaim')(type)),
  },
  RoleRef: {
    apiGroup: oneOf('', 'rbac.authorization.k8s.io'),
    kind: oneOf('Role', 'ClusterRole'),
    name: pathSegmentFault,
  },
  Subject: { kind: oneOf('ServiceAccount', 'User', 'Group'), name: matching(/./, 'a name') },
};

/** What has to be there although the schema does not say so, and may not be empty. */
const needed: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec'],
  StatefulSet: ['spec'],
  DaemonSet: ['spec'],
  Job: ['spec'],
  Service: ['spec'],
  Ingress: ['spec'],
  HTTPIngressRuleValue: ['paths'],
  IngressServiceBackend: ['name', 'port'],
  ExecAction: ['command'],
  NodeSelector: ['nodeSelectorTerms'],
  CrossVersionObjectReference: ['apiVersion'],
  CronJob: ['spec'],
  JobTemplateSpec: ['spec'],
  HorizontalPodAutoscaler: ['spec'],
  PersistentVolumeClaim: ['spec'],
  PodTemplateSpec: ['spec'],
  SecretKeySelector: ['name'],
  ConfigMapKeySelector: ['name'],
  SecretEnvSource: ['name'],
  ConfigMapEnvSource: ['name'],
  ConfigMapVolumeSource: ['name'],
  SecretVolumeSource: ['secretName'],
  ConfigMapProjection: ['name'],
  SecretProjection: ['name'],
  PodDNSConfigOption: ['name'],
  HostPathVolumeSource: ['path'],
  PersistentVolumeClaimSpec: ['accessModes', 'resources'],
  PolicyRule: ['verbs'],
};

/** The fields of which a part has exactly one. */
const choices: Readonly<Record<string, readonly string[]>> = {
  EnvFromSource: ['configMapRef', 'secretRef'],
  DownwardAPIVolumeFile: ['fieldRef', 'resourceFieldRef'],
  IngressBackend: ['service', 'resource'],
  ServiceBackendPort: ['number', 'name'],
};

/** The texts right in a part of an object, and what has to be there. */
export function* ruleFindings(definition: string, part: Fields): Generator<Finding> {
  for (const name of needed[definition] ?? []) {
    const value = part[name];
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    if (value === undefined || isEmpty)
      yield { path: name, says: isEmpty ? 'is empty. Fill it' : 'is missing. Add it' };
  }
  const choice = choices[definition] ?? [];
  if (choice.length > 0 && choice.filter((name) => part[name] !== undefined).length !== 1) {
    yield { path: '', says: `needs exactly one of ${choice.join(' and ')}. Give it one of them` };
  }
  for (const [name, grammar] of Object.entries(grammars[definition] ?? {})) {
    const value = part[name];
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, text] of texts.entries()) {
      const fault = typeof text === 'string' ? grammar(text) : null;
      if (fault !== null) yield { path: Array.isArray(value) ? `${name}[${index}]` : name, says: fault };
    }
  }
}
