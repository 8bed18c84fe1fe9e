import { openProxy, pluralOf } from '../proxy.ts';
import type { Manifest } from './manifest.ts';

/** How the API server answered. `message` is what it says where it refuses. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly message: string | null;
}

/** The API server of the current context. */
export interface Cluster {
  /** Server-side apply, as Argo CD does it; with `strictly`, what a strict dry run says. */
  apply(object: Manifest, how?: 'strictly'): Promise<Answer>;
  remove(object: Manifest): Promise<Answer>;
  get(object: Manifest): Promise<Answer>;
  merge(object: Manifest, patch: object): Promise<Answer>;
  ask(method: string, path: string, body?: object): Promise<Answer>;
  close(): void;
}

const clusterWide = new Set([
  'Namespace',
  'PersistentVolume',
  'StorageClass',
  'CustomResourceDefinition',
  'ClusterImagePolicy',
]);

/** Opens a way to the API server with the rights of the kubeconfig. */
export async function openCluster(): Promise<Cluster> {
  const { server, close } = await openProxy();
  const send = async (method: string, path: string, body?: object, type = 'application/json'): Promise<Answer> => {
    const answer = await fetch(`${server}${path}`, {
      method,
      headers: { 'content-type': type },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const read: unknown = text.startsWith('{') ? JSON.parse(text) : { message: text.trim() };
    const { message } = read as { readonly message?: string };
    return { status: answer.status, body: read, message: answer.ok ? null : (message ?? text) };
  };
  return {
    ask: send,
    apply: async (object, how) =>
      send(
        'PATCH',
        `${pathOf(object)}?force=true&fieldManager=argocd-controller${how === undefined ? '' : '&dryRun=All&fieldValidation=Strict'}`,
        object,
        'application/apply-patch+yaml',
      ),
    remove: async (object) => send('DELETE', `${pathOf(object)}?propagationPolicy=Background`),
    get: async (object) => send('GET', pathOf(object)),
    merge: async (object, patch) => send('PATCH', pathOf(object), patch, 'application/merge-patch+json'),
    close,
  };
}

/** Where the API server has an object. */
export function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  const place = clusterWide.has(kind) ? '' : `namespaces/${metadata.namespace ?? 'default'}/`;
  return `/${root}/${apiVersion}/${place}${pluralOf(kind)}/${metadata.name}`;
}
