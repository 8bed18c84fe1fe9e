import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { type Client, makeDial, makeHttp1Client, type Target } from './connections.ts';
import { headersOf, judgeAnswer, sentPath, type ServiceRequest, versionOf, withId } from './request.ts';
import { type Kept, makeTurns, now, type Sample } from './schedule.ts';

/** How long a request may take once it is sent. The service's own limit for the longest request is the same. */
const requestTimeoutMs = 10_000;

/** A client that speaks what the target does: HTTP/1.1, or HTTP/2. */
export function makeClient(target: Target, asked: ServiceRequest, kept: Kept, timeoutMs = requestTimeoutMs): Client {
  const make = target.isHttp2 === true ? makeHttp2Client : makeHttp1Client;
  return make(target, asked, kept, timeoutMs);
}

/** Asks once, over a connection of its own. */
export async function askOnce(
  target: Target,
  asked: ServiceRequest,
  index: number,
  timeoutMs: number,
): Promise<Sample> {
  const client = makeClient(target, asked, { inTurn: 1, idleMs: [] }, timeoutMs);
  return client.send({ kind: 'new-connection', index, dueAt: now() });
}

/** A connection that carries any number of requests at a time. */
interface Session {
  readonly http2: ClientHttp2Session;
  readonly socket: Socket;
  port: number | null;
  /** The error of its socket. */
  broke: string | null;
  /** Requests that wait for their answers. */
  waiting: number;
}

/**
 * A client by HTTP/2, which opens nothing yet; without TLS it begins with HTTP/2 at once. Requests take turns on the kept connections. A
 * connection that the service is leaving (GOAWAY) gets no new one and finishes what it has; a request that it refuses then is lost, as
 * one whose stream is reset.
 */
function makeHttp2Client(target: Target, asked: ServiceRequest, kept: Kept, timeoutMs: number): Client {
  const dial = makeDial(target, ['h2']);
  const turnOf = makeTurns(kept);
  const slots: (Session | undefined)[] = [];
  const open = new Set<Session>();
  let isRetired = false;

  const begin = (): Session => {
    const socket = dial();
    const http2 = connect(target.url, { createConnection: () => socket });
    const session: Session = { http2, socket, port: null, broke: null, waiting: 0 };
    open.add(session);
    socket.once('connect', () => (session.port = socket.localPort ?? null));
    socket.prependListener('error', (error: NodeJS.ErrnoException) => (session.broke = error.code ?? error.message));
    // Each of its requests hears of it, too.
    http2.on('error', () => undefined);
    http2.once('close', () => open.delete(session));
    return session;
  };
  const sessionOf = (slot: number | null): Session => {
    const before = slot === null ? undefined : slots[slot];
    if (before !== undefined && !before.http2.closed && !before.http2.destroyed) return before;
    const session = begin();
    if (slot !== null) slots[slot] = session;
    return session;
  };
  return {
    send: async ({ kind, index, dueAt }) =>
      new Promise((resolve) => {
        const id = `${kind}-${index}`;
        const slot = kind === 'new-connection' ? null : turnOf(dueAt);
        const body = asked.body === null ? null : withId(asked.body, id);
        const sentAt = now();
        const session = sessionOf(slot);
        session.waiting += 1;
        const end = (failure: string | null, version: string | null, pod: string | null): void => {
          clearTimeout(timer);
          session.waiting -= 1;
          if (session.waiting === 0 && (slot === null || isRetired)) session.http2.close();
          resolve({ kind, dueAt, sentAt, endedAt: now(), version, pod, port: session.port, failure });
        };
        const stream = session.http2.request(
          { ':method': asked.method, ':path': sentPath(asked, id), ...headersOf(asked, id, body) },
          { endStream: body === null },
        );
        const timer = setTimeout(() => {
          end('timeout', null, null);
          stream.close(constants.NGHTTP2_CANCEL);
        }, timeoutMs);
        hear(stream, (reset, headers, text) => {
          const { socket, broke } = session;
          if (reset !== null)
            return end(broke ?? (socket.destroyed || socket.readableEnded ? 'closed' : reset), null, null);
          const answer = { status: Number(headers[':status']), headers, body: text };
          const pod = versionOf({ header: 'x-pod' }, headers, '');
          return end(judgeAnswer(asked, id, answer), versionOf(asked.version, headers, text), pod);
        });
        if (body !== null) stream.end(body);
      }),
    retire() {
      isRetired = true;
      // Node.js refuses requests of a connection that is closed before it is up.
      for (const session of slots.splice(0)) if (session?.waiting === 0) session.http2.close();
    },
    close() {
      for (const { http2 } of open) http2.destroy();
    },
  };
}

type Headers = Readonly<Record<string, string>>;

/** Calls back once, with how a stream ended: how it was reset, or what came. */
function hear(stream: ClientHttp2Stream, ended: (reset: string | null, headers: Headers, text: string) => void): void {
  let headers: Headers = {};
  let text = '';
  let isWhole = false;
  stream.setEncoding('utf8');
  stream.once('response', (got) => {
    headers = Object.fromEntries(Object.entries(got).map(([name, value]) => [name, String(value)]));
  });
  stream.on('data', (part: string) => (text += part));
  stream.once('end', () => (isWhole = true));
  // It says no more than the code below.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    const { rstCode } = stream;
    const isAnswer = isWhole && rstCode === constants.NGHTTP2_NO_ERROR && headers[':status'] !== undefined;
    ended(isAnswer ? null : `stream reset (${codeNames[rstCode] ?? rstCode})`, headers, text);
  });
}

/** Error codes from 0 on (RFC 9113, 7). */
const codeNames: readonly string[] =
  'NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM'.split(
    ' ',
  );
