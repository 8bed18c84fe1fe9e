import type { LookupAddress } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { type Answer, type AnswerReader, makeAnswerReader } from './answer.ts';
import { judgeAnswer, requestText, type ServiceRequest, versionOf } from './request.ts';
import { type DueRequest, type Kept, makeTurns, now, type Over, type Sample } from './schedule.ts';

/** Where requests go. */
export interface Target extends Over {
  /** As `http://host:port`, or `https://host:port`. */
  readonly url: string;
  /** The addresses of its name, which take turns, one for each connection; none where the name is looked up each time. */
  readonly addresses?: readonly LookupAddress[];
  /** A port of 127.0.0.1 that is dialled in the place of the service's; null for none. */
  readonly via?: number | null;
}

/** Opens a connection, to one address: where it refuses, no other is tried. */
export type Dial = () => Socket;

/** A way to open connections to a service, which speak one of these protocols where they are encrypted. */
export function makeDial(target: Target, protocols: readonly string[] = ['http/1.1']): Dial {
  const { addresses = [], via = null, authority = null } = target;
  const { protocol, hostname, port } = new URL(target.url);
  const name = hostname.replace(/^\[|\]$/g, '');
  const servicePort = Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port);
  let dialled = 0;
  return () => {
    const address = addresses.length === 0 ? name : addresses[dialled % addresses.length]?.address;
    dialled += 1;
    // Node.js would otherwise dial one address of a name after the other, and hide one that refuses.
    const place = { noDelay: true, autoSelectFamily: false };
    const where =
      via === null ? { ...place, host: address, port: servicePort } : { ...place, host: '127.0.0.1', port: via };
    if (protocol !== 'https:') return connect(where);
    const socket = connectSecurely({
      ...where,
      servername: isIP(name) === 0 ? name : '',
      ALPNProtocols: [...protocols],
      ...(authority === null ? {} : { ca: authority }),
    });
    return socket.setNoDelay(true);
  };
}

/** One that carries one request at a time. */
interface Connection {
  readonly socket: Socket;
  /** The client's own port; null until it is connected. A socket that is destroyed has forgotten it. */
  port: number | null;
  /** The request that waits for its answer; null where none does. */
  waiting: Waiting | null;
}

interface Waiting {
  readonly reader: AnswerReader;
  readonly ended: (answer: Answer | null, failure: string | null) => void;
}

function open(dial: Dial): Connection {
  const socket = dial();
  const connection: Connection = { socket, port: null, waiting: null };
  const end = (answer: Answer | null, failure: string | null): void => {
    const { waiting } = connection;
    connection.waiting = null;
    if (answer?.isKept !== true) socket.destroy();
    waiting?.ended(answer, failure);
  };
  socket.once('connect', () => (connection.port = socket.localPort ?? null));
  socket.on('data', (chunk) => {
    const reader = connection.waiting?.reader;
    // What nobody asked for: the connection is of no use any more.
    if (reader === undefined) return void socket.destroy();
    const answer = tryToRead(reader, chunk);
    if (answer === null) return;
    if (answer === 'malformed') end(null, 'malformed answer');
    else if (answer.rest.length > 0) end(null, 'more than an answer');
    else end(answer, null);
  });
  socket.on('end', () => {
    const reader = connection.waiting?.reader;
    const answer = reader?.end() ?? null;
    end(answer, answer === null ? (reader?.hasBegun() === true ? 'cut off' : 'closed') : null);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => end(null, error.code ?? error.message));
  return connection;
}

function tryToRead(reader: AnswerReader, chunk: Buffer): Answer | 'malformed' | null {
  try {
    return reader.read(chunk);
  } catch {
    return 'malformed';
  }
}

/** Sends requests over connections of its own. */
export interface Client {
  /** Never rejects and never sends twice: every way to end is a sample. */
  send(due: DueRequest): Promise<Sample>;
  /** Keeps no connection any more: closes those that are idle now, and each other one when its answer is there. */
  retire(): void;
  /** Closes what is open. */
  close(): void;
}

/**
 * A client by HTTP/1.1, which opens nothing yet. Keep-alive requests take turns on their connections. While a connection waits for an
 * answer a second one is opened, so that no request queues behind another.
 */
export function makeHttp1Client(target: Target, asked: ServiceRequest, kept: Kept, timeoutMs: number): Client {
  const dial = makeDial(target);
  const { host } = new URL(target.url);
  const turnOf = makeTurns(kept);
  const idle: (Connection | undefined)[] = [];
  const busy = new Set<Connection>();
  let isRetired = false;

  const connectionOf = (slot: number | null): Connection => {
    const free = slot === null ? undefined : idle[slot];
    if (slot !== null) idle[slot] = undefined;
    return free !== undefined && !free.socket.destroyed && !free.socket.readableEnded ? free : open(dial);
  };
  const keep = (slot: number | null, connection: Connection): void => {
    if (slot === null || isRetired || idle[slot]?.socket.destroyed === false) connection.socket.destroy();
    else idle[slot] = connection;
  };
  return {
    send: async ({ kind, index, dueAt }) =>
      new Promise((resolve) => {
        const id = `${kind}-${index}`;
        const slot = kind === 'new-connection' ? null : turnOf(dueAt);
        const sentAt = now();
        const connection = connectionOf(slot);
        busy.add(connection);
        const end = (failure: string | null, version: string | null, pod: string | null): void => {
          clearTimeout(timer);
          busy.delete(connection);
          resolve({ kind, dueAt, sentAt, endedAt: now(), version, pod, port: connection.port, failure });
        };
        connection.waiting = {
          reader: makeAnswerReader(asked.method),
          ended(answer, failure) {
            if (answer === null) return end(failure, null, null);
            const { headers, body, isKept } = answer;
            const pod = headers['x-pod'] ?? null;
            end(judgeAnswer(asked, id, answer), versionOf(asked.version, headers, body), pod);
            if (isKept) keep(slot, connection);
          },
        };
        const timer = setTimeout(() => {
          connection.waiting = null;
          connection.socket.destroy();
          end('timeout', null, null);
        }, timeoutMs);
        connection.socket.write(requestText(asked, id, host, slot !== null));
      }),
    retire() {
      isRetired = true;
      for (const one of idle.splice(0)) one?.socket.destroy();
    },
    close() {
      this.retire();
      for (const one of busy) one.socket.destroy(new Error('The load has ended.'));
    },
  };
}
