import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import { OperationError, UsageError } from '../../errors.ts';

/** The API server said no, or was not there to say anything. */
export class ApiError extends OperationError {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** True where an object is not there (any more). */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** True where nobody knows whether the request was obeyed: there was no answer, or one of a server in trouble. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** True where the server no longer keeps the version that a watch wanted to go on from. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** The sentence for an answer that is an error; `body` is a `Status` where the API server itself wrote it. */
function refusal(method: string, path: string, status: number, body: string): ApiError {
  return new ApiError(status, `${method} ${path} was refused with HTTP ${status}: ${statusMessage(body)}`);
}

function statusMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // A proxy in front answers in its own words.
  }
  return body.trim() === '' ? 'without a message' : body.trim().slice(0, 500);
}

/** How long the API server may take for an answer that is not a watch. */
const answerWithinMs = 15_000;

/** What the API server answered, with the warnings that kubectl would print. */
export interface ApiAnswer {
  readonly body: string;
  readonly warnings: readonly string[];
}

/** A Kubernetes API, reached through a context of the kubeconfig. */
export interface Cluster {
  readonly context: string;
  /** Throws an ApiError where the answer is an error, or where there is none. */
  request(request: ApiRequest): Promise<ApiAnswer>;
  /** A request whose answer goes on and on; the caller's signal ends it. */
  stream(request: ApiRequest): Promise<IncomingMessage>;
}

/** Connects to the cluster of a context, null for the current one. Throws a sentence where it is away. */
export async function connect(context: string | null): Promise<Cluster> {
  const cluster = clusterOf(await loadKubeconfig(context));
  await cluster.request({ method: 'GET', path: '/version' });
  return cluster;
}

/** Reads one object or list. Its shape is the API's own, which the server has checked. */
export async function read<T>(cluster: Cluster, path: string, query?: ApiRequest['query']): Promise<T> {
  const { body } = await cluster.request({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
  return JSON.parse(body) as T;
}

/** Loaded when a cluster is asked for: the client is large, and most of the package does without. Throws {@link UsageError} where it is not installed. */
async function loadClient(): Promise<{ readonly KubeConfig: typeof KubeConfig }> {
  return import('@kubernetes/client-node').catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    throw new UsageError(
      'A cluster is reached by @kubernetes/client-node, which is not installed. Install it beside zerodrop: npm install @kubernetes/client-node.',
      { cause },
    );
  });
}

/**
 * Reads the kubeconfig as kubectl would (`KUBECONFIG`, else `~/.kube/config`, else a pod's own service account), with one
 * of its contexts as the current one; null keeps the one that is current. Throws a {@link UsageError}.
 */
async function loadKubeconfig(context: string | null): Promise<KubeConfig> {
  const config = new (await loadClient()).KubeConfig();
  try {
    config.loadFromDefault();
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `The kubeconfig can't be read: ${words}. Set KUBECONFIG to the file that your cluster's tool wrote.`,
      { cause },
    );
  }
  const names = config.getContexts().map(({ name }) => name);
  const chosen = context ?? config.getCurrentContext();
  if (isFallback(config)) throw new UsageError(noKubeconfig);
  if (!names.includes(chosen)) throw new UsageError(unknownContext(chosen, names));
  config.setCurrentContext(chosen);
  if (config.getCurrentCluster() === null || config.getCurrentUser() === null) {
    throw new UsageError(
      `The kubeconfig's context ${chosen} names a cluster or a user that the file does not hold. Let your cluster's tool write it again.`,
    );
  }
  return config;
}

/** Without any kubeconfig the library makes a context of its own, to localhost:8080, which nobody meant. */
function isFallback(config: KubeConfig): boolean {
  const contexts = config.getContexts();
  const isOwn = contexts.length === 1 && contexts[0]?.name === 'loaded-context';
  return contexts.length === 0 || (isOwn && config.getClusters()[0]?.server === 'http://localhost:8080');
}

const noKubeconfig =
  'There is no kubeconfig: KUBECONFIG is not set and ~/.kube/config is not there. Let your cluster\'s tool write one, such as "kind export kubeconfig".';

function unknownContext(chosen: string | undefined, names: readonly string[]): string {
  const known = `It has ${names.join(', ')}.`;
  return chosen === undefined || chosen === ''
    ? `The kubeconfig has no current context. ${known} Name one.`
    : `The kubeconfig has no context ${chosen}. ${known}`;
}

function clusterOf(config: KubeConfig): Cluster {
  const stream = async (request: ApiRequest): Promise<IncomingMessage> => {
    const answer = await open(config, request);
    const status = answer.statusCode ?? 0;
    if (status >= 400) throw refusal(request.method, request.path, status, await text(answer));
    return answer;
  };
  return {
    context: config.getCurrentContext(),
    stream,
    async request(request) {
      const timely = AbortSignal.timeout(answerWithinMs);
      const signal = request.signal === undefined ? timely : AbortSignal.any([request.signal, timely]);
      const answer = await stream({ ...request, signal });
      return { body: await text(answer), warnings: warnings(answer.headers['warning']) };
    },
  };
}

/** The texts of `299 - "..."`, the one form of a Warning header that Kubernetes writes. */
export function warnings(header: string | undefined): string[] {
  const quoted = header?.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g) ?? [];
  return [...quoted].map(([, said = '']) => said.replaceAll(/\\(.)/g, '$1'));
}

/** One call of the Kubernetes API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the body; JSON unless said. Patches tell their kind by it. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request with the kubeconfig's credentials and returns the answer as soon as its head is there. Throws an
 * {@link ApiError} with status 0 where there is none.
 *
 * Not the library's own Watch or generated client: the one can't be ended while it connects, the other hides warnings.
 */
async function open(config: KubeConfig, request: ApiRequest): Promise<IncomingMessage> {
  const server = config.getCurrentCluster()?.server ?? '';
  const url = new URL(server.replace(/\/+$/, '') + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const options: https.RequestOptions = { method: request.method, headers: headers(request) };
  try {
    await config.applyToHTTPSOptions(options);
    return await exchange(url, options, request);
  } catch (cause) {
    const words = cause instanceof Error ? (cause.message === '' ? cause.name : cause.message) : String(cause);
    throw new ApiError(
      0,
      `The cluster of context ${config.getCurrentContext()} does not answer at ${server}: ${words}. Check that it is up and that this machine can reach it.`,
      { cause },
    );
  }
}

function headers({ body, contentType }: ApiRequest): http.OutgoingHttpHeaders {
  const about = { accept: 'application/json', 'user-agent': 'zerodrop' };
  if (body === undefined) return about;
  return {
    ...about,
    'content-type': contentType ?? 'application/json',
    'content-length': Buffer.byteLength(body),
  };
}

async function exchange(
  url: URL,
  options: https.RequestOptions,
  { body, signal }: ApiRequest,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const sent = request(url, signal === undefined ? options : { ...options, signal }, resolve);
    // A watch is silent for minutes: without this, one that was cut on the way would be waited for as long.
    sent.setSocketKeepAlive(true, 10_000);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What a watched object must tell of itself. */
export interface Watched {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}
