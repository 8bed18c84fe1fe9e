import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** What an endpoint answered at `/version`; a field that it does not tell is null. */
export interface Answer {
  readonly status: number;
  readonly version: string | null;
  readonly revision: string | null;
}

/** Asks once over a connection of its own, so that whatever stands in between chooses anew. An error code where nobody answers. */
export async function ask(origin: string, withinMs: number, signal: AbortSignal): Promise<Answer | string> {
  const timely = AbortSignal.timeout(withinMs);
  try {
    const answer = await get(new URL('/version', origin), AbortSignal.any([timely, signal]));
    return { status: answer.statusCode ?? 0, ...told(await text(answer)) };
  } catch (error) {
    signal.throwIfAborted();
    if (timely.aborted) return 'no answer in time';
    return String((error as NodeJS.ErrnoException).code ?? error);
  }
}

async function get(url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { get: send } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    send(url, { agent: false, signal }, resolve).on('error', reject);
  });
}

function told(body: string): Pick<Answer, 'version' | 'revision'> {
  try {
    const parsed: unknown = JSON.parse(body);
    const { version, revision } = Object(parsed) as Readonly<Record<string, unknown>>;
    return { version: stringOrNull(version), revision: stringOrNull(revision) };
  } catch {
    // Another program answers, or another service that tells no version.
    return { version: null, revision: null };
  }
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
