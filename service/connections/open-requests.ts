import { type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests of one connection may be open before no more are read from it, so that a client can't fill the memory
 * by pipelining. The rest of the bytes that were read already (64 KiB at most) comes on top.
 */
export const PIPELINED_AT_MOST = 100;

/** The requests that have come in and are not answered to the end. */
export interface OpenRequests {
  /** Puts an app behind the count: no request reaches the app by another way. */
  before(app: RequestListener): RequestListener;
  count(): number;
  /** True while a whole answer waits for its client to read it. */
  isFlushing(): boolean;
  /** Calls back when a connection's requests that came in whole are answered: at once where there is none. */
  answered(socket: Socket, then: () => void): void;
  /** True where an answer of the connection has begun. */
  isAnswering(socket: Socket): boolean;
  /** From now on the last answer of each connection says that it is the last. */
  announceClose(): void;
}

/** The requests of one connection, in the order in which they came and are answered. */
interface Line {
  readonly open: Set<ServerResponse>;
  /** Set once an answer has told the client that it is the last. */
  isEnding: boolean;
}

/**
 * Starts to keep count, by connection: a client may send requests without waiting for answers (pipelining), Node.js hands
 * all of them to the app at once, and closes only the response whose turn it is when the client leaves.
 */
export function trackOpenRequests(): OpenRequests {
  const lines = new Map<Socket, Line>();
  let isClosing = false;
  const open = () => [...lines].flatMap(([socket, line]) => (socket.destroyed ? [] : [...line.open]));

  function lineOf(socket: Socket): Line {
    const known = lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { open: new Set(), isEnding: false };
    lines.set(socket, line);
    // Node.js reads on after each message; here it is held back again before it has read anything.
    socket.on('resume', () => holdBack(socket, line));
    socket.once('close', () => {
      lines.delete(socket);
      // After Node.js has closed the response whose turn it was.
      process.nextTick(() => line.open.forEach(closeUnanswered));
    });
    return line;
  }

  /** The last answer is known when it begins: all before it are whole, and nothing that was read waits behind it. */
  function announce(response: ServerResponse, line: Line): void {
    if (!isClosing || response.headersSent || !response.req.complete) return;
    const waiting = [...line.open];
    if (waiting.pop() !== response || waiting.some(({ writableEnded }) => !writableEnded)) return;
    response.setHeader('Connection', 'close');
    line.isEnding = true;
  }

  return {
    before: (app) => (request, response) => {
      const line = lineOf(request.socket);
      // What comes after the last answer is not begun: its client may safely ask elsewhere (RFC 9112, 9.6).
      if (line.isEnding) return;
      line.open.add(response);
      response.once('close', () => {
        line.open.delete(response);
        if (line.open.size === PIPELINED_AT_MOST - 1) request.socket.resume();
      });
      holdBack(request.socket, line);
      beforeHeaders(response, () => announce(response, line));
      if (!isClosing) app(request, response);
      // Once the rest of what has arrived is read: only then is the last one known.
      else setImmediate(() => request.socket.destroyed || app(request, response));
    },
    count: () => open().length,
    isFlushing: () => open().some(({ writableEnded }) => writableEnded),
    answered(socket, then) {
      const last = [...(lines.get(socket)?.open ?? [])].findLast(({ req }) => req.complete);
      if (last === undefined) then();
      else last.once('close', then);
    },
    isAnswering: (socket) => [...(lines.get(socket)?.open ?? [])].some(({ headersSent }) => headersSent),
    announceClose() {
      isClosing = true;
    },
  };
}

function holdBack(socket: Socket, { open }: Line): void {
  if (open.size >= PIPELINED_AT_MOST) socket.pause();
}

/** Tells whoever waits for the end of a response that waits behind others: Node.js never would. */
function closeUnanswered(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}

/** Calls back when a response is about to send its headers. On the object itself: Express changes its prototype. */
function beforeHeaders(response: ServerResponse, then: () => void): void {
  const writeHead = (...given: readonly unknown[]): unknown => {
    then();
    return Reflect.apply(ServerResponse.prototype.writeHead, response, given);
  };
  Object.assign(response, { writeHead });
}
