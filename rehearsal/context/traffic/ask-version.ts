import http from 'node:http';
import { json } from 'node:stream/consumers';

const withinMs = 2_000;

/** Who answered. */
export interface Answerer {
  readonly version: string;
  readonly pod: string;
}

/** Asks the service once over a connection of its own, so that whatever is in between may choose a pod. Null where nobody answers within 2 s. */
export async function askVersion(url: string, signal: AbortSignal): Promise<Answerer | null> {
  try {
    const answer = await get(new URL('/version', url), AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    return answerer(await json(answer));
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function get(url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false, headers: { connection: 'close' }, signal }, resolve).on('error', reject);
  });
}

/** What the body of `/version` says; null where it is another program's. */
function answerer(body: unknown): Answerer | null {
  if (typeof body !== 'object' || body === null || !('version' in body) || !('pod' in body)) return null;
  const { version, pod } = body;
  return typeof version === 'string' && typeof pod === 'string' ? { version, pod } : null;
}
