import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import { refusal } from './api-error.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { type ApiRequest, open } from './transport.ts';

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
  const cluster = clusterOf(loadKubeconfig(context));
  await cluster.request({ method: 'GET', path: '/version' });
  return cluster;
}

/** Reads one object or list. Its shape is the API's own, which the server has checked. */
export async function read<T>(cluster: Cluster, path: string, query?: ApiRequest['query']): Promise<T> {
  const { body } = await cluster.request({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
  return JSON.parse(body) as T;
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
