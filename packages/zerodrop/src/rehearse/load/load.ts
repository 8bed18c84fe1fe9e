import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LoadEnd, ToLoadClient, Sample, FromLoadClient } from './schedule.ts';

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
  /** Hears how requests ended, in batches, a few times a second. */
  readonly onSamples: (samples: readonly Sample[]) => void;
}

/** A load that runs. */
export interface Load {
  readonly pid: number;
  /**
   * Ends the sending, waits for the answers that are still out (10 s at most), and hands over the last samples. May be
   * called twice. Rejects where the client ended by itself, because what it saw is incomplete then.
   */
  stop(): Promise<LoadEnd>;
  /** Ends the client at once, whatever is still out. Never rejects. */
  abandon(): Promise<void>;
}

/** Starts the load client in a process of its own, which ends with this one at the latest. */
export async function startLoad({ url, rate, onSamples }: LoadOptions): Promise<Load> {
  const child = fork(program, { execArgv });
  const { pid } = child;
  const closed = close(child);
  const ended = lastWord(child, closed, onSamples);
  // Whoever never stops the load must not hear of its end as an unhandled rejection.
  ended.catch(() => undefined);
  order(child, { kind: 'start', url, rate });
  await Promise.race([once(child, 'message'), ended]);
  if (pid === undefined) throw new Error('The load client did not start.');
  return {
    pid,
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
  onSamples: LoadOptions['onSamples'],
): Promise<LoadEnd> {
  let received = 0;
  let sent: number | null = null;
  child.on('message', (word: FromLoadClient) => {
    if (word.kind === 'ended') sent = word.sent;
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
