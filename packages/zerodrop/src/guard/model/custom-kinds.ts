import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';

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
