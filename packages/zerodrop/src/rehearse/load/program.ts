import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { setPriority } from 'node:os';
import { makeClient } from './client.ts';
import { startLongLived } from './long-lived.ts';
import { type FromLoadClient, openLoop, type Sample, type ToLoadClient } from './schedule.ts';

/** The load client, a program of its own: a cluster that keeps its own process busy can't make the load late. */

const batchMs = 250;

askForPriority();
// A Ctrl-C reaches the whole process group. Whoever started the load ends it, by closing the channel if need be.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.once('message', (order: ToLoadClient) => {
  if (order.kind === 'start') void start(order);
});

type Start = Extract<ToLoadClient, { kind: 'start' }>;

async function start({ url, rate, request, kept, longLived, over, via }: Start): Promise<void> {
  // No IPv6 address where this machine has no IPv6: that says nothing about the service. A name that nobody knows is what each request fails with.
  const addresses = await lookup(new URL(url).hostname.replace(/^\[|\]$/g, ''), { all: true, hints: ADDRCONFIG }).catch(
    () => [],
  );
  const first = makeClient({ ...over, url, addresses, via }, request, kept);
  let client = first;
  const beginLongLived = (): (() => void) =>
    startLongLived({ ...over, url, addresses }, longLived, (ended) => tell({ kind: 'long-lived', ended }));
  let stopLongLived: (() => void) | null = null;
  let batch: Sample[] = [];
  const report = (): void => {
    if (batch.length > 0) tell({ kind: 'samples', samples: batch });
    batch = [];
  };
  const reporting = setInterval(report, batchMs);
  const loop = openLoop(rate, async (dueRequest) => {
    const sample = await client.send(dueRequest);
    batch.push(sample);
  });
  const end = async (): Promise<void> => {
    stopLongLived?.();
    const sent = await loop.stop();
    clearInterval(reporting);
    first.close();
    client.close();
    report();
    tell({ kind: 'ended', sent }, () => process.disconnect());
  };
  let ending: Promise<void> | null = null;
  process.on('message', ({ kind }: ToLoadClient) => {
    if (kind === 'stop') {
      ending ??= end();
    } else {
      first.retire();
      client = makeClient({ ...over, url, addresses }, request, kept);
      stopLongLived = beginLongLived();
    }
  });
  if (via === null) stopLongLived = beginLongLived();
  tell({ kind: 'started' });
}

function tell(word: FromLoadClient, sent?: () => void): void {
  process.send?.(word, undefined, undefined, sent);
}

/**
 * Asks to be scheduled before other programs, which needs the right to do so (root, or CAP_SYS_NICE); does without where
 * there is none.
 *
 * Measured at 500 + 500 requests per second while two other programs kept both cores busy: the 99th percentile of the
 * lateness was 4 to 26 ms with it, and 270 ms to 2.2 s without.
 */
export function askForPriority(): void {
  try {
    setPriority(-10);
  } catch {
    // The report says how late the client was, with or without it.
  }
}
