import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Answer, type AnswerReader, makeAnswerReader } from './answer.ts';
import { makeClient } from './client.ts';
import { type Dial, makeDial, type Target } from './connections.ts';
import { judgeAnswer, requestHead, type ServiceRequest } from './request.ts';
import { type LongLived, type LongLivedOrder, now } from './schedule.ts';

/**
 * Starts the clients that are ordered, and tells how each of their requests ended. Returns how to end that: nothing more is begun, and
 * what is open is given up, neither lost nor whole.
 */
export function startLongLived(
  target: Target,
  orders: readonly LongLivedOrder[],
  tell: (ended: LongLived) => void,
): () => void {
  let isStopped = false;
  const tellUntilStopped = (one: LongLived): void => (isStopped ? undefined : tell(one));
  const stops = orders.map((order) => {
    const { kind, request } = order;
    const { host } = new URL(target.url);
    const caller: Caller = { kind, request, host, dial: makeDial(target), open: new Set(), tell: tellUntilStopped };
    return 'open' in order ? staysOpen(caller, order.open) : comesAgain(caller, target, order);
  });
  return () => {
    isStopped = true;
    for (const stop of stops) stop();
  };
}

/** What a long-lived client asks, where, and who hears how it ended. */
interface Caller {
  readonly kind: LongLived['kind'];
  readonly request: ServiceRequest;
  readonly host: string;
  readonly dial: Dial;
  /** Its connections. */
  readonly open: Set<Socket>;
  readonly tell: (ended: LongLived) => void;
}

/** So long after it should have been answered a request is given up, in milliseconds. */
const patienceMs = 10_000;

/** Begins so many requests a second, each of which lasts so long. Returns how to end that. */
function comesAgain(
  caller: Caller,
  target: Target,
  { perSecond, lastsMs }: Extract<LongLivedOrder, { perSecond: number }>,
): () => void {
  const { kind, request, open, tell } = caller;
  const client = makeClient(target, request, { inTurn: 1, idleMs: [] }, lastsMs + patienceMs);
  let index = 0;
  const ask = async (): Promise<void> => {
    index += 1;
    if (kind === 'upload') return upload(caller, lastsMs, index);
    const sample = await client.send({ kind: 'new-connection', index, dueAt: now() });
    const { sentAt, endedAt, version, pod, port, failure } = sample;
    return tell({ kind, startedAt: sentAt, endedAt, version, pod, port, failure });
  };
  const asking = setInterval(() => void ask(), 1_000 / perSecond);
  void ask();
  return () => {
    clearInterval(asking);
    client.close();
    for (const socket of open) socket.destroy();
  };
}

/** A client connects again so long after its stream or socket has ended, in milliseconds. */
const againMs = 250;

/** Keeps so many streams or sockets open, each again once it has ended. Returns how to end that. */
function staysOpen(caller: Caller, count: number): () => void {
  const begin = caller.kind === 'websocket' ? openWebSocket : openStream;
  let isStopped = false;
  const again: Caller = {
    ...caller,
    tell(ended) {
      caller.tell(ended);
      setTimeout(() => (isStopped ? undefined : begin(again)), againMs);
    },
  };
  for (let n = 0; n < count; n += 1) begin(again);
  return () => {
    isStopped = true;
    for (const socket of caller.open) socket.destroy();
  };
}

/** A connection of a long-lived client. */
interface Call {
  readonly socket: Socket;
  /** It has ended, with what failed, or null. Only the first time counts. */
  end(failure: string | null, answer?: Answer): void;
  /** From now on what breaks it is a stream that was closed early. */
  establish(): void;
}

function connectFor({ kind, dial, open, tell }: Caller): Call {
  const startedAt = now();
  const socket = dial();
  let port: number | null = null;
  let isOver = false;
  let isEstablished = false;
  const end: Call['end'] = (failure, answer) => {
    if (isOver) return;
    isOver = true;
    open.delete(socket);
    socket.destroy();
    const [version, pod] = [answer?.headers['x-version'] ?? null, answer?.headers['x-pod'] ?? null];
    const why = failure !== null && isEstablished ? 'closed early' : failure;
    tell({ kind, startedAt, endedAt: now(), version, pod, port, failure: why });
  };
  open.add(socket);
  socket.once('connect', () => (port = socket.localPort ?? null));
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  socket.on('close', () => end('closed'));
  return { socket, end, establish: () => void (isEstablished = true) };
}

/** Reads an answer, and says what is wrong with the way it ends; `whole` gets it where nothing is. */
function readInto({ socket, end }: Call, reader: AnswerReader, whole: (answer: Answer) => void): void {
  const hear = (chunk: Buffer): void => {
    try {
      const answer = reader.read(chunk);
      if (answer === null) return;
      socket.off('data', hear).off('end', over);
      whole(answer);
    } catch {
      end('malformed answer');
    }
  };
  const over = (): void => {
    const answer = reader.end();
    if (answer === null) end(reader.hasBegun() ? 'cut off' : 'closed');
    else whole(answer);
  };
  socket.on('data', hear).on('end', over);
}

/** How often a piece of an upload is sent, in milliseconds. */
const pieceEveryMs = 250;
const piece = `${'zerodrop '.repeat(12)}\n`;

/** Sends a body piece by piece for so long, and waits for its answer. */
function upload(caller: Caller, lastsMs: number, index: number): void {
  const { request, host } = caller;
  const call = connectFor(caller);
  const { socket, end } = call;
  const pieces = Math.max(1, Math.round(lastsMs / pieceEveryMs));
  const headers = { ...request.headers, connection: 'close', 'content-length': String(pieces * piece.length) };
  socket.write(requestHead(request, `upload-${index}`, host, headers));
  let sent = 0;
  const sending = setInterval(() => {
    sent += 1;
    socket.write(piece);
    if (sent === pieces) clearInterval(sending);
  }, pieceEveryMs);
  const limit = setTimeout(() => end('timeout'), lastsMs + patienceMs);
  socket.once('close', () => {
    clearInterval(sending);
    clearTimeout(limit);
  });
  readInto(call, makeAnswerReader(request.method), (answer) => end(judgeAnswer(request, '', answer), answer));
}

/** Opens an event stream, which the service may end in the way of its protocol. */
function openStream(caller: Caller): void {
  const { request, host } = caller;
  const call = connectFor(caller);
  const { socket, end, establish } = call;
  const reader = makeAnswerReader(request.method, establish);
  const limit = setTimeout(() => (reader.hasBegun() ? undefined : end('timeout')), patienceMs);
  socket.once('close', () => clearTimeout(limit));
  socket.write(requestHead(request, 'event-stream', host, { accept: 'text/event-stream', ...request.headers }));
  readInto(call, reader, (answer) => end(judgeAnswer(request, '', answer), answer));
}

/** What a server adds to a client's key before it hashes it (RFC 6455, 1.3). */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [closeFrame, pingFrame, pongFrame] = [8, 9, 10];
const pingEveryMs = 1_000;

/** Opens a WebSocket, pings it every second, and takes a close frame for its proper end. */
function openWebSocket(caller: Caller): void {
  const { request, host } = caller;
  const call = connectFor(caller);
  const { socket, end, establish } = call;
  const key = randomBytes(16).toString('base64');
  const accepted = createHash('sha1')
    .update(key + guid)
    .digest('base64');
  let limit = setTimeout(() => end('timeout'), patienceMs);
  let pinging: NodeJS.Timeout | undefined;
  socket.once('close', () => {
    clearTimeout(limit);
    clearInterval(pinging);
  });
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  socket.write(requestHead(request, 'websocket', host, { ...request.headers, ...upgrade, 'sec-websocket-key': key }));
  readInto(call, makeAnswerReader('GET'), (answer) => {
    if (answer.status !== 101) return end(`HTTP ${answer.status}`, answer);
    if (answer.headers['sec-websocket-accept'] !== accepted) return end('malformed answer', answer);
    establish();
    let unread = answer.rest;
    const hear = (chunk: Buffer): void => {
      clearTimeout(limit);
      limit = setTimeout(() => end('timeout', answer), patienceMs);
      unread = Buffer.concat([unread, chunk]);
      for (let frame = readFrame(unread); frame !== null; frame = readFrame(unread)) {
        unread = unread.subarray(frame.length);
        if (frame.opcode === pingFrame) socket.write(masked(pongFrame, frame.payload));
        if (frame.opcode !== closeFrame) continue;
        // The answer to a close frame goes out before the end.
        socket.end(masked(closeFrame, frame.payload), () => end(null, answer));
        return;
      }
    };
    pinging = setInterval(() => socket.write(masked(pingFrame, Buffer.alloc(0))), pingEveryMs);
    socket.on('data', hear).once('end', () => end('closed', answer));
    return hear(Buffer.alloc(0));
  });
}

/** The first frame of what a server sent; null where it has not come whole. */
function readFrame(bytes: Buffer): Readonly<{ opcode: number; payload: Buffer; length: number }> | null {
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head) return null;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < head + size) return null;
  return { opcode: first & 0x0f, payload: bytes.subarray(head, head + size), length: head + size };
}

/** A control frame as a client sends it: masked, with 125 bytes at the most. */
function masked(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const body = payload.map((byte, n) => byte ^ (mask[n % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, body]);
}
