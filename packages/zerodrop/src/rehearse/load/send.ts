import type { LookupAddress } from 'node:dns';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { LookupFunction } from 'node:net';
import { type DueRequest, now, type Sample } from './schedule.ts';

/** How long a request may take once it is sent. The service's own limit for the longest request is the same. */
const requestTimeoutMs = 10_000;

/**
 * Posts a small body that no other request carries and waits for it to come back. Never rejects and never retries: every way
 * to end is a sample.
 */
export async function send(
  url: URL,
  agent: Agent,
  { kind, index, dueAt }: DueRequest,
  timeoutMs = requestTimeoutMs,
): Promise<Sample> {
  const body = `${kind} ${index}`;
  const sentAt = now();
  return new Promise((resolve) => {
    const end = (version: string | null, failure: string | null): void => {
      clearTimeout(timer);
      resolve({ kind, dueAt, sentAt, endedAt: now(), version, failure });
    };
    const fail = (error: Error): void => end(null, reason(error));
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.on('error', fail);
      collect(answer, (text) => end(versionOf(answer), judge(answer, text === body)));
    });
    // What follows the first ending changes nothing: a promise settles once.
    outgoing.on('error', fail);
    const timer = setTimeout(() => {
      end(null, 'timeout');
      outgoing.destroy();
    }, timeoutMs);
    outgoing.end(body);
  });
}

function collect(answer: IncomingMessage, ended: (text: string) => void): void {
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    text += chunk;
  });
  answer.once('end', () => ended(text));
}

function judge(answer: IncomingMessage, isSameBody: boolean): string | null {
  if (answer.statusCode !== 200) return `HTTP ${answer.statusCode}`;
  if (!isSameBody) return 'wrong body';
  return versionOf(answer) === null ? 'no x-version' : null;
}

function versionOf(answer: IncomingMessage): string | null {
  const value = answer.headers['x-version'];
  return typeof value === 'string' ? value : null;
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

/** So many kept connections meet every pod of a usual service, and hundreds of requests a second spread over them. */
const most = 20;

/** A kept connection is used at least this often: well within the shortest drain, or it would be closed while idle. */
const usedEveryMs = 2_000;

/** The ways in which a request gets its connection. */
export interface Connections {
  agentFor(dueRequest: DueRequest): Agent;
  /** Closes what is kept open. */
  close(): void;
}

/** How many connections are kept, for `rate` keep-alive requests per second. */
export function keptConnections(rate: number): number {
  return Math.max(1, Math.min(most, Math.floor((rate * usedEveryMs) / 1_000)));
}

/**
 * Opens nothing yet. Keep-alive requests take turns on their connections, each behind an agent of its own: one shared agent
 * would reuse the warmest connection and leave the others idle. While a connection waits for an answer its agent opens a
 * second one, so that no request queues behind another. The addresses of a name take turns, one for each connection.
 */
export function makeConnections(rate: number, addresses: readonly LookupAddress[] = []): Connections {
  // Node.js would otherwise dial one address of a name after the other, and hide one that refuses.
  const dialled = { noDelay: true, autoSelectFamily: false, ...inTurn(addresses) };
  const kept = Array.from(
    { length: keptConnections(rate) },
    () => new Agent({ keepAlive: true, maxFreeSockets: 1, ...dialled }),
  );
  const fresh = new Agent({ keepAlive: false, ...dialled });
  return {
    agentFor({ kind, index }) {
      return kind === 'new-connection' ? fresh : (kept[index % kept.length] ?? fresh);
    },
    close() {
      for (const agent of [...kept, fresh]) agent.destroy();
    },
  };
}

function inTurn(addresses: readonly LookupAddress[]): { readonly lookup?: LookupFunction } {
  if (addresses.length === 0) return {};
  let dialled = 0;
  return {
    lookup(_, _options, found) {
      const next = addresses[dialled % addresses.length];
      dialled += 1;
      found(null, next?.address ?? '', next?.family ?? 0);
    },
  };
}
