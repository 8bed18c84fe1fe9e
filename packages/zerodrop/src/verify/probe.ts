import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import type { Version } from './expected.ts';

/** Where a service is asked what runs there. */
export interface Endpoint {
  /** As sentences call it. */
  readonly url: string;
  /** The path below it that tells the version; the url itself unless said. */
  readonly path?: string;
}

/** The address that --url names; null for none. Throws {@link UsageError} for what is no address. */
export function endpointOf(url: string | undefined): Endpoint | null {
  if (url === undefined) return null;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return { url };
  throw new UsageError(
    `--url is ${JSON.stringify(url)}, expected an address such as https://shop.example.com/version.`,
  );
}

/** How an endpoint is asked. */
export interface Manner {
  /** A new load balancer takes this long to hear of its pods. */
  readonly firstWithinMs: number;
  readonly answerWithinMs: number;
  readonly everyMs: number;
  /** How many answers are wanted after the first right one. */
  readonly answers: number;
}

const usual: Manner = { firstWithinMs: 60_000, answerWithinMs: 5_000, everyMs: 100, answers: 20 };

/** What speaks against an endpoint. */
export type Objection =
  /** It answers, and not as it should. */
  | { readonly kind: 'wrong'; readonly says: string }
  /** Nothing answers: that may be the way to it, from where we are. */
  | { readonly kind: 'silent'; readonly says: string }
  /** It is rolled out, and took far longer than was forecast. */
  | { readonly kind: 'late'; readonly says: string }
  /** Requests were lost while it rolled out; `before`: some of them already before the first new pod. */
  | { readonly kind: 'lost'; readonly says: string; readonly before: boolean };

/**
 * Asks an endpoint for its version, again and again over new connections. Waits for the first right answer, and wants every one after it to
 * be right; only one may be lost on the way. Null where nothing speaks against it.
 */
export async function probe(
  { url, path }: Endpoint,
  version: Version | null,
  signal: AbortSignal,
  manner = usual,
): Promise<Objection | null> {
  const address = path === undefined ? new URL(url) : new URL(path, url);
  const askOnce = async (): Promise<Answer | string> => ask(address, manner.answerWithinMs, signal);
  const first = await firstRight(url, version, signal, manner, askOnce);
  if (first !== null) return first;
  const lost: string[] = [];
  for (let asked = 0; asked < manner.answers; asked += 1) {
    await pause(manner.everyMs, undefined, { signal });
    const answer = await askOnce();
    const wrong = typeof answer === 'string' ? null : wrongWith(answer, version);
    if (typeof answer === 'string') lost.push(answer);
    if (wrong !== null) return { kind: 'wrong', says: `${url} answers ${wrong}, after it had answered correctly.` };
    if (lost.length > 1) return { kind: 'wrong', says: `${url} did not answer some requests: ${lost.join(', ')}.` };
  }
  return null;
}

async function firstRight(
  url: string,
  version: Version | null,
  signal: AbortSignal,
  { firstWithinMs, everyMs }: Manner,
  askOnce: () => Promise<Answer | string>,
): Promise<Objection | null> {
  const endsAt = Date.now() + firstWithinMs;
  let said = false;
  for (;;) {
    const answer = await askOnce();
    const isSilent = typeof answer === 'string';
    const wrong = isSilent ? answer : wrongWith(answer, version);
    if (wrong === null) return null;
    said ||= !isSilent;
    if (Date.now() > endsAt) {
      return said
        ? { kind: 'wrong', says: `${url} answers ${wrong}.` }
        : {
            kind: 'silent',
            says: `Nothing answers at ${url} (${wrong}). Check the address, and that this machine can reach it.`,
          };
    }
    await pause(everyMs, undefined, { signal });
  }
}

/** What an endpoint answered; a field that it does not tell is null. */
export interface Answer {
  readonly status: number;
  readonly version: string | null;
  readonly revision: string | null;
}

/** What is wrong with an answer; null for a right one. A service that tells no version is believed when it answers 200. */
export function wrongWith({ status, version, revision }: Answer, expected: Version | null): string | null {
  if (status !== 200) return `HTTP ${status}`;
  if (expected === null || (version === null && revision === null)) return null;
  const { tag, source } = expected;
  if (version === tag || (source !== null && revision === source)) return null;
  // Of another build tool's numbers nothing is known.
  if (source === null && version === null) return null;
  return `version ${version ?? 'unknown'} of ${revision?.slice(0, 12) ?? 'an unknown commit'} instead of ${tag}`;
}

/** Asks once over a connection of its own, so that whatever stands in between chooses anew. An error code where nobody answers. */
export async function ask(address: URL, withinMs: number, signal: AbortSignal): Promise<Answer | string> {
  const timely = AbortSignal.timeout(withinMs);
  try {
    const answer = await get(address, AbortSignal.any([timely, signal]));
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
