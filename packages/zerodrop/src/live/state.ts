import type { Moment } from '../forecast/report.ts';
import type { Sample } from '../rehearse/load/schedule.ts';
import { percentiles } from '../rehearse/verdict/samples.ts';
import type { PodObservation, PodState, Watch } from '../rollout/watch.ts';

/** A rollout that begins. */
export interface LiveRollout {
  readonly name: string;
  /** The version that it brings. */
  readonly to: string;
  /** When it was pushed, in milliseconds since the epoch; now unless said. */
  readonly pushedAt?: number;
  /** Pods over time by its forecast, from when the change is applied; empty where none is known. */
  readonly picture: readonly Moment[];
}

/** The requests that were due in one second. Latencies are of right answers, in milliseconds. */
export interface LiveSecond {
  /** Since the start of the run. */
  readonly second: number;
  readonly sent: number;
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
}

/** What the page shows. Times are milliseconds: `At` since the epoch, others since the start of the rollout. */
export interface LiveState {
  readonly title: string;
  readonly at: number;
  readonly startedAt: number;
  /** What was done last. */
  readonly step: string;
  readonly rollout: {
    readonly name: string;
    readonly to: string;
    /** When its first new pod was seen; null before. */
    readonly startedAt: number | null;
    readonly forecast: readonly Moment[];
    readonly actual: readonly Moment[];
    /** Until its last old pod is gone; null where that is not known, 0 where it is. */
    readonly leftMs: number | null;
  } | null;
  readonly pods: readonly { readonly name: string; readonly version: string; readonly state: PodState }[];
  readonly requests: { readonly sent: number; readonly lost: number; readonly seconds: readonly LiveSecond[] };
  readonly verdict: { readonly kind: string; readonly words: string } | null;
}

/** What a run tells of itself while it goes on. */
export interface Live {
  step(what: string): void;
  /** Shows the requests of a list that grows, those that were due since a time, in milliseconds since the epoch. */
  follow(samples: readonly Sample[], since: number): void;
  rolling(rollout: LiveRollout, watch: Watch): void;
  verdict(kind: string, words: string): void;
  state(now: number): LiveState;
}

/** So many seconds of requests are shown. */
const shownSeconds = 180;

/** Gathers what a run tells. */
export function makeLive(title: string, startedAt: number): Live {
  let step = '';
  let verdict: LiveState['verdict'] = null;
  let samples: readonly Sample[] = [];
  let since = 0;
  let read = 0;
  let sent = 0;
  let lost = 0;
  const seconds = new Map<number, { sent: number; lost: number; latencies: number[]; shown: LiveSecond | null }>();
  let followed: ReturnType<typeof followRollout> | null = null;
  let watch: Watch | null = null;

  const count = ({ dueAt, endedAt, failure }: Sample): void => {
    const second = Math.floor((dueAt - startedAt) / 1_000);
    const bucket = seconds.get(second) ?? { sent: 0, lost: 0, latencies: [], shown: null };
    seconds.set(second, bucket);
    sent += 1;
    bucket.sent += 1;
    bucket.shown = null;
    if (failure === null) bucket.latencies.push(endedAt - dueAt);
    else bucket.lost += 1;
    if (failure !== null) lost += 1;
  };
  const shown = (): readonly LiveSecond[] => {
    for (; read < samples.length; read += 1) {
      const sample = samples[read];
      if (sample !== undefined && sample.dueAt >= since) count(sample);
    }
    for (const second of [...seconds.keys()].slice(0, -shownSeconds)) seconds.delete(second);
    return [...seconds]
      .toSorted(([one], [other]) => one - other)
      .map(([second, bucket]) => {
        const { p50, p99 } = bucket.shown ?? percentiles(bucket.latencies);
        bucket.shown = { second, sent: bucket.sent, lost: bucket.lost, p50, p99 };
        return bucket.shown;
      });
  };
  return {
    step: (what) => void (step = what),
    verdict: (kind, words) => void (verdict = { kind, words }),
    follow(list, from) {
      samples = list;
      since = from;
    },
    rolling(rollout, seen) {
      watch = seen;
      followed = followRollout(rollout, seen);
    },
    state(now) {
      const requests = { seconds: shown(), sent, lost };
      const pods = (watch?.state().pods ?? []).map(({ name, image, state }) => ({
        name,
        version: versionOf(image),
        state,
      }));
      return { title, at: now, startedAt, step, rollout: followed?.(now) ?? null, pods, requests, verdict };
    },
  };
}

/** Follows what a watch sees of one rollout from now on. */
function followRollout(
  { name, to, picture, pushedAt = Infinity }: LiveRollout,
  watch: Watch,
): (now: number) => NonNullable<LiveState['rollout']> {
  // It is told a moment after its push, and its first pod may be there by then.
  const stood = watch.observed.findLastIndex(({ kind, at }) => kind === 'pods' && at <= pushedAt);
  const last = watch.observed[stood];
  const before = new Set(last?.kind === 'pods' ? last.pods.map(({ replicaSet }) => replicaSet) : []);
  let read = stood + 1;
  let startedAt: number | null = null;
  const actual: Moment[] = [];
  return (now) => {
    for (; read < watch.observed.length; read += 1) {
      const seen = watch.observed[read];
      if (seen?.kind !== 'pods') continue;
      if (startedAt === null && seen.pods.some(({ replicaSet }) => !before.has(replicaSet))) startedAt = seen.at;
      if (startedAt !== null) actual.push(momentOf(seen.pods, before, seen.at - startedAt));
    }
    const leftMs = timeLeftMs(picture, actual, startedAt === null ? 0 : now - startedAt);
    return { name, to, startedAt, forecast: picture, actual: [...actual], leftMs };
  };
}

function momentOf(pods: readonly PodObservation[], before: ReadonlySet<string>, atMs: number): Moment {
  const moment = { atMs, oldReady: 0, newReady: 0, starting: 0, ending: 0 };
  for (const { state, replicaSet } of pods) {
    if (state === 'terminating') moment.ending += 1;
    else if (state !== 'ready') moment.starting += 1;
    else if (before.has(replicaSet)) moment.oldReady += 1;
    else moment.newReady += 1;
  }
  return moment;
}

/** How far a rollout is: up by one with each new pod that is ready and each old one that is gone. */
function progressOf({ oldReady, newReady, ending }: Moment): number {
  return newReady - oldReady - ending;
}

/**
 * The time that a rollout has left until its last old pod is gone, in milliseconds: what its forecast has left from where the rollout is, at
 * the pace at which it got there. Null without a forecast, 0 once it is over.
 *
 * @param nowMs since its first new pod was seen
 */
export function timeLeftMs(forecast: readonly Moment[], actual: readonly Moment[], nowMs: number): number | null {
  const last = forecast.at(-1);
  if (last === undefined) return null;
  const reachedAt = (moments: readonly Moment[], progress: number): number | null =>
    moments.find((moment) => progressOf(moment) >= progress)?.atMs ?? null;
  const goal = progressOf(last);
  const endsMs = reachedAt(forecast, goal) ?? last.atMs;
  const reached = Math.max(progressOf(forecast[0] ?? last), ...actual.map(progressOf));
  if (reached >= goal) return 0;
  const foreseenMs = reachedAt(forecast, reached) ?? 0;
  const nextMs = forecast.find((moment) => progressOf(moment) > reached)?.atMs ?? endsMs;
  const sinceMs = reachedAt(actual, reached) ?? 0;
  // The first step may come at once, which says nothing of the pace.
  const pace = foreseenMs < endsMs / 10 ? 1 : Math.min(4, Math.max(0.25, sinceMs / foreseenMs));
  return Math.round(Math.max((endsMs - foreseenMs) * pace - (nowMs - sinceMs), (endsMs - nextMs) * pace, 1));
}

/** The tag of an image, or else its name. */
function versionOf(image: string): string {
  const [name = image] = image.split('@');
  const [, tag] = /:([^:/]+)$/.exec(name) ?? [];
  return tag ?? name;
}
