import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IReplicaSet } from 'kubernetes-models/apps/v1/ReplicaSet';
import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { ICronJob } from 'kubernetes-models/batch/v1/CronJob';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IPod } from 'kubernetes-models/v1/Pod';
import type { IResourceQuota } from 'kubernetes-models/v1/ResourceQuota';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { IExternalSecret, IGateway, IHTTPRoute, IRollout, IScaledObject } from './custom-kinds.ts';

/** The kinds that rules read, by group and kind, with the types of their fields. */
export interface Kinds {
  '/ConfigMap': IConfigMap;
  '/Namespace': INamespace;
  '/PersistentVolumeClaim': IPersistentVolumeClaim;
  '/Pod': IPod;
  '/ResourceQuota': IResourceQuota;
  '/Secret': ISecret;
  '/Service': IService;
  '/ServiceAccount': IServiceAccount;
  'apps/DaemonSet': IDaemonSet;
  'apps/Deployment': IDeployment;
  'apps/ReplicaSet': IReplicaSet;
  'apps/StatefulSet': IStatefulSet;
  'argoproj.io/Application': IApplication;
  'argoproj.io/AppProject': IAppProject;
  'argoproj.io/Rollout': IRollout;
  'autoscaling/HorizontalPodAutoscaler': IHorizontalPodAutoscaler;
  'batch/CronJob': ICronJob;
  'batch/Job': IJob;
  'external-secrets.io/ExternalSecret': IExternalSecret;
  'gateway.networking.k8s.io/Gateway': IGateway;
  'gateway.networking.k8s.io/GRPCRoute': IHTTPRoute;
  'gateway.networking.k8s.io/HTTPRoute': IHTTPRoute;
  'keda.sh/ScaledObject': IScaledObject;
  'networking.k8s.io/Ingress': IIngress;
  'networking.k8s.io/NetworkPolicy': INetworkPolicy;
  'policy/PodDisruptionBudget': IPodDisruptionBudget;
}

/** Kinds of the whole cluster, by group. A cluster tells by its API; a folder of files does not. */
const clusterScoped: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'cert-manager.io': ['ClusterIssuer'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterSecretStore'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

/** True for a kind that has no namespace. */
export function isClusterScoped(group: string, kind: string): boolean {
  return Object.hasOwn(clusterScoped, group) && (clusterScoped[group]?.includes(kind) ?? false);
}
