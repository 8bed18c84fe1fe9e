import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import { type Load, startLoad } from '../rehearse/load/load.ts';
import { get } from '../rehearse/load/request.ts';
import { keptConnections, type Sample } from '../rehearse/load/schedule.ts';
import type { Watch } from '../rollout/watch.ts';
import { type Measured, type Receipt, receiptOf, type Seen, type Subject } from './receipt.ts';

/** Requests per second of each client kind, at most: what a service in use does not notice. */
export const mostRate = 20;

/** Requests of one verification, at most: 25 minutes at the highest rate. */
const mostRequests = 60_000;

/** How long the load goes on after the last old pod is gone, in milliseconds: each kept connection is used once more within 2 s. */
const afterwardsMs = 3_000;

/** The load that runs through a rollout, and what it meets. */
export interface Traffic {
  readonly samples: readonly Sample[];
  /** Looks at a rollout whose pods have just been listed; null for one whose pods can't be seen. */
  watch(watch: Watch | null): void;
  /** Goes on for a moment, ends the load and judges it. Null where no pod was replaced. May be called again, and tells the same. */
  end(subject: Omit<Subject, 'url' | 'rate'>): Promise<Receipt | null>;
  /** Ends the load at once. */
  abandon(): Promise<void>;
}

/**
 * Starts a small open-loop load of both client kinds against an address, by GET: right is any answer from 200 to 299.
 *
 * @param rate requests per second of each client kind
 * @param afterMs how long it goes on after its end is asked for
 */
export async function startTraffic(
  address: string,
  rate: number,
  signal: AbortSignal,
  afterMs = afterwardsMs,
): Promise<Traffic> {
  const { origin, pathname, search } = new URL(address);
  const samples: Sample[] = [];
  const seen: (() => Seen)[] = [];
  let endedEarly: string | null = null;
  let stopped: Promise<unknown> | null = null;
  const request = { ...get(`${pathname}${search}`), headers: { 'user-agent': 'zerodrop-verify' } };
  const load: Load = await startLoad({
    url: origin,
    rate,
    request,
    // None that idle for longer than the load goes on.
    kept: { ...keptConnections(rate), idleMs: [] },
    onSamples(batch) {
      samples.push(...batch);
      if (samples.length < mostRequests || stopped !== null) return;
      endedEarly = `The load ended before the rollout did, after ${mostRequests.toLocaleString('en')} requests, which is its limit.`;
      stop().catch(() => undefined);
    },
  });
  const stop = async (): Promise<unknown> => {
    stopped ??= load.stop().catch((error: unknown) => {
      endedEarly = error instanceof Error ? error.message : String(error);
    });
    return stopped;
  };
  load.failed.catch((error: unknown) => (endedEarly = error instanceof Error ? error.message : String(error)));
  let ended: Promise<Measured> | null = null;
  const measure = async (): Promise<Measured> => {
    await pause(afterMs, undefined, { signal });
    await stop();
    return { samples, endedEarly };
  };
  return {
    samples,
    watch(watch) {
      if (watch === null) {
        seen.push(() => ({ first: null, later: [] }));
        return;
      }
      const from = watch.observed.length;
      const first = [...new Set(watch.state().pods.map(({ replicaSet }) => replicaSet))];
      seen.push(() => ({ first, later: watch.observed.slice(from) }));
    },
    async end(subject) {
      ended ??= measure();
      const measured = await ended;
      return receiptOf(
        { ...subject, url: address, rate },
        seen.map((look) => look()),
        measured,
      );
    },
    abandon: async () => load.abandon(),
  };
}

/** The rate that an option or a setting names. Throws {@link UsageError} for one that a service in use might notice. */
export function readRate(option: string, text: string): number {
  const rate = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (rate >= 1 && rate <= mostRate) return rate;
  throw new UsageError(
    `${option} is ${JSON.stringify(text)}, expected from 1 to ${mostRate} requests per second of each client kind. The load goes to a service in use: a rehearsal takes more.`,
  );
}
