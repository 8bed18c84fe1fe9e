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
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import type { IResourceQuota } from 'kubernetes-models/v1/ResourceQuota';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

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

/** The kinds of Kubernetes' own API groups, to tell a misspelt one from one that somebody defined. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  '': [
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'List',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'networking.k8s.io': ['IPAddress', 'Ingress', 'IngressClass', 'NetworkPolicy', 'ServiceCIDR'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

/** The kinds of a group of Kubernetes' own; null for another group, whose kinds nobody knows here. */
export function kindsOf(group: string): readonly string[] | null {
  return Object.hasOwn(kinds, group) ? (kinds[group] ?? null) : null;
}

/** The one group of Kubernetes' own that has a kind; null where none has it. */
export function groupOf(kind: string): string | null {
  return Object.keys(kinds).find((group) => kinds[group]?.includes(kind)) ?? null;
}

type IObjectMeta = NonNullable<IDeployment['metadata']>;
type ILabelSelector = NonNullable<IDeployment['spec']>['selector'];

/** What every object has. */
interface Named {
  readonly metadata?: IObjectMeta;
}

/** The fields of an Argo Rollouts `Rollout` that rules read (argo-rollouts/pkg/apis/rollouts/v1alpha1/types.go). */
export interface IRollout extends Named {
  readonly spec?: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly paused?: boolean;
    readonly selector?: ILabelSelector;
    readonly template?: IPodTemplateSpec;
    readonly strategy?: {
      readonly blueGreen?: { readonly activeService?: string; readonly previewService?: string };
      readonly canary?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
        readonly stableService?: string;
        readonly canaryService?: string;
      };
    };
  };
}

/** KEDA's `ScaledObject`, which makes a HorizontalPodAutoscaler (keda/apis/keda/v1alpha1/scaledobject_types.go). */
export interface IScaledObject extends Named {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly idleReplicaCount?: number;
  };
}

/** The External Secrets Operator's `ExternalSecret`, which makes a Secret of its own or the given name. */
export interface IExternalSecret extends Named {
  readonly spec?: { readonly target?: { readonly name?: string } };
}

/** A reference of the Gateway API to a Service. */
interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
}

/** The fields of HTTPRoute and GRPCRoute that rules read (gateway-api/apis/v1/httproute_types.go). */
export interface IHTTPRoute extends Named {
  readonly spec?: {
    readonly hostnames?: readonly string[];
    readonly parentRefs?: readonly { readonly name?: string; readonly namespace?: string }[];
    readonly rules?: readonly { readonly backendRefs?: readonly BackendRef[] }[];
  };
}

/** The fields of a Gateway that rules read. */
export interface IGateway extends Named {
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly {
      readonly name?: string;
      readonly tls?: { readonly certificateRefs?: readonly { readonly kind?: string; readonly name?: string }[] };
    }[];
  };
}
