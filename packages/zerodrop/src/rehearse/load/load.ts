import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServiceRequest } from './request.ts';
import {
  type FromLoadClient,
  type Kept,
  keptConnections,
  type LoadEnd,
  type LongLived,
  type LongLivedOrder,
  type Over,
  type Sample,
  type ToLoadClient,
} from './schedule.ts';

/** The client's program, and how Node runs it: as it is written in a clone, and compiled elsewhere. */
const isSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(isSource ? 'program.ts' : 'program.js', import.meta.url));
const execArgv = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];

/** What load is wanted. */
export interface LoadOptions {
  /** Where the service is reached, as `http://host:port`. */
  readonly url: string;
  /** Requests per second of each of the two client kinds. */
  readonly rate: number;
  readonly request: ServiceRequest;
  /** How its connections are kept; as for three pods unless said. */
  readonly kept?: Kept;
  /** HTTP/1.1 unless said. */
  readonly over?: Over;
  /** Hears how requests ended, in batches, a few times a second. */
  readonly onSamples: (samples: readonly Sample[]) => void;
  /** Long-lived clients beside it, and who hears how each of their requests ended. */
  readonly longLived?: Readonly<{ orders: readonly LongLivedOrder[]; onEnded: (ended: LongLived) => void }> | undefined;
}

/** A load that runs. */
export interface Load {
  readonly pid: number;
  /** Rejects where the client ends by itself; never settles otherwise. */
  readonly failed: Promise<never>;
  /**
   * Ends the sending, waits for the answers that are still out (10 s at most), and hands over the last samples. May be
   * called twice. Rejects where the client ended by itself, because what it saw is incomplete then.
   */
  stop(): Promise<LoadEnd>;
  /** Ends the client at once, whatever is still out. Never rejects. */
  abandon(): Promise<void>;
}

/** A load that shows first that it sees losses. */
export interface CalibratedLoad extends Load {
  /**
   * Breaks a few connections of each kind on purpose, each while a request is on it, and tells of them: whoever sees losses has to find
   * exactly these. Until then the client dials a relay, and after it the service itself. Called once.
   */
  calibrate(): Promise<Calibration>;
}

/** Starts the load client in a process of its own, which ends with this one at the latest. */
export const startLoad = async (options: LoadOptions): Promise<Load> => startClient(options, null);

/** Starts one that dials a relay until it is calibrated. */
export async function startCalibratedLoad(options: LoadOptions): Promise<CalibratedLoad> {
  const calibrator = await startCalibrator(options);
  const { direct, ...load } = await startClient(options, calibrator.port);
  return {
    ...load,
    async calibrate() {
      const calibration = await calibrator.calibrate();
      direct();
      return calibration;
    },
    stop: async () => load.stop().finally(calibrator.close),
    async abandon() {
      calibrator.close();
      await load.abandon();
    },
  };
}

async function startClient(
  { url, rate, request, kept = keptConnections(rate), longLived, over = {}, ...hears }: LoadOptions,
  via: number | null,
): Promise<Load & { direct(): void }> {
  const child = fork(program, { execArgv });
  const { pid } = child;
  const closed = close(child);
  const ended = lastWord(child, closed, { ...hears, longLived });
  // Whoever never stops the load must not hear of its end as an unhandled rejection.
  ended.catch(() => undefined);
  order(child, { kind: 'start', url, rate, request, kept, longLived: longLived?.orders ?? [], over, via });
  await Promise.race([once(child, 'message'), ended]);
  if (pid === undefined) throw new Error('The load client did not start.');
  const failed = ended.then(async (): Promise<never> => new Promise(() => undefined));
  failed.catch(() => undefined);
  return {
    pid,
    failed,
    direct: () => order(child, { kind: 'direct' }),
    async stop() {
      order(child, { kind: 'stop' });
      return ended;
    },
    async abandon() {
      if (child.connected) child.disconnect();
      await closed;
    },
  };
}

async function lastWord(
  child: ChildProcess,
  closed: Promise<void>,
  { onSamples, longLived }: Pick<LoadOptions, 'onSamples' | 'longLived'>,
): Promise<LoadEnd> {
  let received = 0;
  let sent: number | null = null;
  child.on('message', (word: FromLoadClient) => {
    if (word.kind === 'ended') sent = word.sent;
    if (word.kind === 'long-lived') longLived?.onEnded(word.ended);
    if (word.kind !== 'samples') return;
    received += word.samples.length;
    onSamples(word.samples);
  });
  await closed;
  if (sent === null) {
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    throw new Error(`The load client ended by itself (${how}): what it saw is incomplete. Rehearse again.`);
  }
  // A request that left no sample might be the one that was lost.
  if (sent !== received)
    throw new Error(`The load client sent ${sent} requests and told of ${received}: a defect of it.`);
  return { sent };
}

/** The process is gone and all that it told is read: either may be the first. */
async function close(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const read = new Promise((resolve) => child.once('disconnect', resolve));
  await gone;
  if (child.connected) await read;
}

function order(child: ChildProcess, what: ToLoadClient): void {
  // A client that is gone can't be told; its end is reported where the load is awaited.
  if (child.connected) child.send(what, () => undefined);
}

/** A connection that was broken under a request: the client's port of it, and when, in milliseconds since the epoch. */
type Broken = Readonly<{ port: number; at: number }>;

/** What a client must have seen: connections that were broken on purpose before the first push. */
export interface Calibration {
  /** How many were to be broken. */
  readonly wanted: number;
  readonly broken: readonly Broken[];
}

/** So many connections of each kind are broken: one may be found by chance. */
const ofEachKind = 3;

/** How much longer than a request of each kind is due breaking them may take, and how long a request at the most, in milliseconds. */
const [patienceMs, longestMs] = [1_000, 10_000];

/** Stands in front of a service, for the client of a load, and breaks connections of both kinds when it is told to. */
async function startCalibrator({ url, rate, over, kept = keptConnections(rate) }: LoadOptions) {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? (isSecure ? 443 : 80) : port) };
  // Both sides of TLS and of HTTP/2 speak several times before the first answer.
  const quietMs = isSecure || over?.isHttp2 === true ? Math.min(50, (kept.inTurn * 500) / rate) : 0;
  const left = { new: 0, kept: 0 };
  const broken: Broken[] = [];
  const open = new Set<Socket>();
  let accepted = 0;
  /** Of the first answers on the connections so far; null where there is none. */
  let slowestMs: number | null = null;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const service = connect({ ...target, allowHalfOpen: true, noDelay: true, autoSelectFamily: false });
    const clientPort = client.remotePort ?? 0;
    const acceptedAt = Date.now();
    let heardAt: number | null = null;
    accepted += 1;
    service.on('data', () => (heardAt = Date.now()));
    service.once('data', () => {
      slowestMs = Math.max(slowestMs ?? 0, Date.now() - acceptedAt);
    });
    service.pipe(client);
    client.on('data', (chunk) => {
      const kind = heardAt === null ? 'new' : 'kept';
      const isBetween = heardAt !== null && Date.now() - heardAt < quietMs;
      if (left[kind] === 0 || isBetween) {
        service.write(chunk);
        return;
      }
      left[kind] -= 1;
      broken.push({ port: clientPort, at: Date.now() });
      client.resetAndDestroy();
    });
    client.on('end', () => service.end());
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        open.delete(one);
        other.destroySoon();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    async calibrate(): Promise<Calibration> {
      const periodMs = 1_000 / rate;
      // Until each kept connection has been used: the first request on one can't be told from one on a new connection.
      await pause(periodMs * (kept.inTurn + kept.idleMs.length + 1) + 100, undefined);
      const wanted = 2 * ofEachKind;
      left.new = ofEachKind;
      left.kept = ofEachKind;
      const startedAt = Date.now();
      for (;;) {
        // A connection is a kept one once it was answered, which a slow service takes its time for.
        const answersMs = slowestMs === null ? Math.sign(accepted) * longestMs : 2 * slowestMs;
        const endsAt = startedAt + periodMs * ofEachKind + patienceMs + answersMs;
        if (broken.length >= wanted || Date.now() > endsAt) break;
        await pause(10);
      }
      left.new = 0;
      left.kept = 0;
      return { wanted, broken };
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
