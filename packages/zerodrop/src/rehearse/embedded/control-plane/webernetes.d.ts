/**
 * The part of webernetes that the embedded cluster uses.
 *
 * Its own declarations import folders, which Node's resolution does not follow: every type would silently be `any`.
 */
declare module '@ngrok/webernetes' {
  import type {
    CoreV1Event,
    V1Container,
    V1Deployment,
    V1EndpointSlice,
    V1Pod,
    V1ReplicaSet,
    V1Service,
  } from '@kubernetes/client-node';

  /** A process in a container, as the image that runs in it sees it. */
  export interface ProcessContext {
    /** The variables of the pod's spec, with field references resolved. */
    readonly env: ReadonlyMap<string, string>;
    readonly pod: { readonly name: string; readonly namespace: string; readonly ip: string };
    readonly container: { readonly apiContainer: V1Container };
    /** Answers requests to a port of the pod, which the probes send. A rejection is answered as a 500. */
    listenHttp(port: number, answer: HttpHandler): void;
    /** Set once the process is to end. */
    err(): Error | undefined;
    waitUntilKilled(): Promise<number>;
    writeStdout(chunk: string): void;
  }

  export type Signal = 'SIGTERM' | 'SIGKILL';

  export abstract class BaseImage {
    exec(context: ProcessContext, argv: readonly string[]): Promise<number>;
  }

  export interface ImageConstructor {
    new (): {
      defaultCommand?: readonly string[];
      exec(context: ProcessContext, argv: readonly string[]): Promise<number>;
      signalHandler?(context: ProcessContext, signal: Signal): Promise<void> | void;
    };
    readonly imageName: string;
    readonly imageVersion: string;
  }

  export interface HttpRequest {
    readonly method: string;
    readonly url: URL;
    readonly header: Readonly<Record<string, string[]>>;
  }

  export interface HttpResponse {
    readonly status: number;
    readonly body: string;
  }

  export type HttpHandler = (context: unknown, request: HttpRequest) => Promise<HttpResponse>;

  export interface InformerResources {
    readonly deployments: V1Deployment;
    readonly endpointslices: V1EndpointSlice;
    readonly events: CoreV1Event;
    readonly pods: V1Pod;
    readonly replicasets: V1ReplicaSet;
    readonly services: V1Service;
  }

  export interface Informer<T> {
    list(namespace?: string): readonly T[];
  }

  interface Named {
    readonly name: string;
  }

  interface Namespaced extends Named {
    readonly namespace: string;
  }

  type Patch = { readonly body: object };

  /** The requests that every kind in a namespace answers, named after it. */
  export type NamespacedApi<Kind extends string> = {
    readonly [Name in `readNamespaced${Kind}` | `deleteNamespaced${Kind}`]: (request: Namespaced) => Promise<object>;
  } & {
    readonly [Name in `createNamespaced${Kind}`]: (request: Namespaced & Patch) => Promise<object>;
  } & {
    readonly [Name in `patchNamespaced${Kind}`]: (request: Namespaced & Patch, options: object) => Promise<object>;
  };

  export interface NamespaceApi {
    readNamespace(request: Named): Promise<object>;
    createNamespace(request: Patch): Promise<object>;
    patchNamespace(request: Named & Patch, options: object): Promise<object>;
    deleteNamespace(request: Named): Promise<object>;
  }

  export interface KubeClient {
    readonly corev1: NamespaceApi &
      NamespacedApi<'Pod'> &
      NamespacedApi<'Service'> & { readNamespacedPod(request: Namespaced): Promise<V1Pod> };
    readonly appsv1: NamespacedApi<'ReplicaSet'> &
      NamespacedApi<'Deployment'> & { readNamespacedDeployment(request: Namespaced): Promise<V1Deployment> };
  }

  export class Cluster {
    constructor(options: { readonly nodes: number });
    readonly api: KubeClient;
    init(): Promise<void>;
    registerImage(image: ImageConstructor): void;
    informer<R extends keyof InformerResources>(
      resource: R,
      changed: (change: 'add' | 'update' | 'delete', object: InformerResources[R]) => void,
      options?: { readonly namespace?: string; readonly onError?: (error: unknown) => void },
    ): Informer<InformerResources[R]>;
  }
}
