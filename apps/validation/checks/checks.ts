import type { Fields, Finding } from '../grammar.ts';
import {
  amountFindings,
  claimFindings,
  containerFindings,
  dataFindings,
  limitFindings,
  resourceFindings,
  roomFindings,
  secretFindings,
  storageFindings,
  variableFindings,
} from './container.ts';
import { metadataFindings, requirementFindings, selectorFindings } from './metadata.ts';
import {
  addressBlockFindings,
  ingressFindings,
  ingressRuleFindings,
  peerFindings,
  policyPortFindings,
  serviceFindings,
} from './network.ts';
import { podFindings, tolerationFindings, volumeFindings } from './pod.ts';
import {
  autoscalerFindings,
  budgetFindings,
  controllerFindings,
  cronFindings,
  daemonSetFindings,
  deploymentFindings,
  jobFindings,
  metricFindings,
  metricSourceFindings,
  metricTargetFindings,
  permissionFindings,
  scalingFindings,
} from './workloads.ts';

/**
 * What an API server refuses beyond the types, by the name of the schema: whatever holds a pod, be it a Deployment or a CronJob, is
 * checked by the same one.
 */
export const checks: Readonly<Record<string, (part: Fields) => Iterable<Finding>>> = {
  ObjectMeta: metadataFindings,
  LabelSelector: selectorFindings,
  PodSpec: podFindings,
  Container: containerFindings,
  EphemeralContainer: containerFindings,
  EnvVar: variableFindings,
  ResourceRequirements: resourceFindings,
  VolumeResourceRequirements: storageFindings,
  LimitRangeItem: limitFindings,
  ResourceQuotaSpec: (part) => amountFindings('hard', part['hard']),
  Volume: volumeFindings,
  ConfigMap: dataFindings,
  Secret: function* (secret) {
    yield* dataFindings(secret);
    yield* secretFindings(secret);
  },
  DeploymentSpec: deploymentFindings,
  StatefulSetSpec: controllerFindings,
  ReplicaSetSpec: controllerFindings,
  DaemonSetSpec: daemonSetFindings,
  JobSpec: jobFindings,
  CronJobSpec: cronFindings,
  PodDisruptionBudgetSpec: budgetFindings,
  HorizontalPodAutoscalerSpec: autoscalerFindings,
  ServiceSpec: serviceFindings,
  NetworkPolicyPort: policyPortFindings,
  NetworkPolicyPeer: peerFindings,
  IPBlock: addressBlockFindings,
  IngressRule: ingressRuleFindings,
  IngressSpec: ingressFindings,
  NodeSelectorRequirement: (part) => requirementFindings(part, ['Gt', 'Lt']),
  Toleration: tolerationFindings,
  MetricSpec: metricFindings,
  MetricTarget: metricTargetFindings,
  PodsMetricSource: metricSourceFindings,
  ObjectMetricSource: metricSourceFindings,
  ExternalMetricSource: metricSourceFindings,
  HPAScalingRules: scalingFindings,
  PersistentVolumeClaimSpec: claimFindings,
  PolicyRule: permissionFindings,
  EmptyDirVolumeSource: roomFindings,
};
