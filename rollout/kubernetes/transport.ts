import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ApiError } from './api-error.ts';

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
export async function open(config: KubeConfig, request: ApiRequest): Promise<http.IncomingMessage> {
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
): Promise<http.IncomingMessage> {
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const sent = request(url, signal === undefined ? options : { ...options, signal }, resolve);
    // A watch is silent for minutes: without this, one that was cut on the way would be waited for as long.
    sent.setSocketKeepAlive(true, 10_000);
    sent.on('error', reject);
    sent.end(body);
  });
}
