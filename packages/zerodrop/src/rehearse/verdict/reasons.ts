import type { PlayedRollout, PlayRecord } from '../cluster.ts';
import type { LongLived, Sample } from '../load/schedule.ts';
import { counted, listed, longLivedNames, milliseconds, outOf, seconds } from '../report/words.ts';
import { clientKinds, longestGap, slowAnswers, steadyFigures } from './figures.ts';
import {
  failed,
  firstDue,
  groupBy,
  isWithin,
  loadedSpans,
  ownErrors,
  rolloutSpans,
  servingTimes,
  stray,
  type Stray,
  tallyFailures,
  worstCapacity,
} from './samples.ts';

/** Rollouts that did not come to their end. */
export function unfinishedRollouts({ rollouts }: PlayRecord): readonly string[] {
  return rollouts.flatMap((rollout) => unfinished(rollout) ?? []);
}

function unfinished(rollout: PlayedRollout): string | null {
  const { name, to, completeAt, lastOldPodGoneAt, failure, reached } = rollout;
  const said = failure === null ? '' : ` ${failure}`;
  if (reached !== undefined) {
    return reached.at === null
      ? `The ${name} of ${to} goes on until ${reached.what}, which was not seen.${said}`
      : null;
  }
  if (completeAt === null) return `The ${name} of ${to} never completed.${said}`;
  if (lastOldPodGoneAt === null) {
    return `The ${name} of ${to} completed, but its last old pod was not seen to go, so nothing says that it lost nothing.${said}`;
  }
  return failure === null ? null : `The ${name} of ${to} failed.${said}`;
}

/** How many times the most that was forecast makes a rollout worth a warning, and a reason. */
const [slowTimes, tooSlowTimes] = [1.5, 3];
/** A short rollout is late by what the machine does, and not by what it is. */
const leastLateMs = 3_000;

/** Rollouts that took far longer than forecast, from their sync: `warning` from one and a half times, `reason` from three times. */
export function lateRollouts({ rollouts }: PlayRecord, as: 'warning' | 'reason'): readonly string[] {
  return rollouts.flatMap(({ name, to, syncedAt, completeAt, boundMs, reached }) => {
    if (syncedAt === null || completeAt === null || reached !== undefined) return [];
    const tookMs = completeAt - syncedAt;
    const times = tookMs - boundMs < leastLateMs ? 1 : tookMs / Math.max(1, boundMs);
    const is = times >= tooSlowTimes ? 'reason' : times >= slowTimes ? 'warning' : null;
    if (is !== as) return [];
    return [
      `The ${name} of ${to} took ${seconds(tookMs)} from its sync, where at most ${seconds(boundMs)} were forecast.`,
    ];
  });
}

/** Rollouts during which less than the replicas asked for could take traffic. */
export function lackingCapacity(record: PlayRecord): readonly string[] {
  return loadedSpans(record).flatMap((span) => {
    const { name, to } = span.rollout;
    const worst = worstCapacity(record, span);
    if (worst === null) return `Nothing was seen of the pods during the ${name} of ${to}, so its capacity is unknown.`;
    return worst.ready < worst.due
      ? `Capacity fell to ${worst.ready} of ${worst.due} ready pods during the ${name} of ${to}.`
      : [];
  });
}

const wrongAnswers: ReadonlySet<string | null> = new Set(['wrong body', 'no version']);

/** The samples of requests that got no answer, or an error for one, and were sent. */
function lostOnTheWay({ samples }: PlayRecord): readonly Sample[] {
  return failed(samples).filter(({ failure }) => !wrongAnswers.has(failure) && !ownErrors.has(failure ?? ''));
}

/** Requests that got no answer, or an error for one. */
export function lostRequests(record: PlayRecord): readonly string[] {
  const lost = lostOnTheWay(record);
  const pushedAt = loadedSpans(record)[0]?.from ?? Number.POSITIVE_INFINITY;
  const early = lost.filter(({ dueAt }) => dueAt < pushedAt);
  const later = lost.filter(({ dueAt }) => dueAt >= pushedAt);
  return [
    ...lostOf(record, early, ' before the first push, so no rollout is their cause'),
    ...lostOf(record, later, ''),
  ];
}

/** Losses that a drain explains which is over before the traffic knows. */
export function shortDrain(record: PlayRecord): readonly string[] {
  const { played, head = played, endpointLagMs, drainSetting } = record.numbers;
  const drainMs = Math.min(played.drainMs, head.drainMs);
  const push = loadedSpans(record)[0];
  const isLost = push !== undefined && lostOnTheWay(record).some(({ dueAt }) => dueAt >= push.from);
  if (!isLost || endpointLagMs === null || endpointLagMs < drainMs) return [];
  return [
    `The drain of ${seconds(drainMs)} is over before the traffic has turned away: an endpoint's change takes ${seconds(endpointLagMs)} (--endpoint-lag-ms). Set the drain to more than that: ${drainSetting}.`,
  ];
}

function lostOf(record: PlayRecord, lost: readonly Sample[], when: string): readonly string[] {
  const first = firstDue(lost);
  if (first === undefined) return [];
  const kinds = listed(tallyFailures(lost));
  const all = outOf(lost.length, record.samples.length);
  return [`${all} requests failed${when}: ${kinds}. The first: ${told(record, first)}.`];
}

/** Requests that were answered too late: for who waits, they are lost. */
export function slowRequests(record: PlayRecord): readonly string[] {
  const slow = slowAnswers(record.samples, record.slowMs);
  const slowest = slow.toSorted((a, b) => b.endedAt - b.dueAt - (a.endedAt - a.dueAt))[0];
  if (slowest === undefined) return [];
  const { p99 } = steadyFigures(record, loadedSpans(record)[0]?.from).latencyMs;
  return [
    `${outOf(slow.length, record.samples.length)} requests were answered later than ${milliseconds(record.slowMs)} (--slow-ms). The slowest took ${seconds(slowest.endedAt - slowest.dueAt)}: ${told(record, slowest)}. Before the first push 99 % took at most ${milliseconds(p99)}.`,
  ];
}

/** Times in which a kind of client had no answer for longer than one may take, though none of its requests was late or lost alone. */
export function gaps(record: PlayRecord): readonly string[] {
  // What was lost or late says so itself, and leaves gaps.
  if (failed(record.samples).length > 0 || slowAnswers(record.samples, record.slowMs).length > 0) return [];
  const barMs = record.slowMs + 1_000 / record.rate;
  const began = firstDue(record.samples)?.dueAt ?? Number.NEGATIVE_INFINITY;
  const last = record.samples.reduce((latest, { endedAt }) => Math.max(latest, endedAt), Number.NEGATIVE_INFINITY);
  return loadedSpans(record).flatMap((span) =>
    clientKinds.flatMap((kind) => {
      const gap = longestGap(record.samples, kind, {
        from: Math.max(span.from, began),
        to: Math.min(span.to, Math.max(span.from, last) + 1),
      });
      return gap.ms > barMs
        ? `The ${kind} client got no answer for ${seconds(gap.ms)} during the ${span.rollout.name} of ${span.rollout.to}, ${seconds(gap.from - span.from)} after its push.`
        : [];
    }),
  );
}

/** Requests whose answer was somebody else's. */
export function wrongBodies(record: PlayRecord): readonly string[] {
  const wrong = record.samples.filter(({ failure }) => wrongAnswers.has(failure));
  const first = firstDue(wrong);
  if (first === undefined) return [];
  const answers = counted(wrong.length, 'answer');
  return [`${answers} not what was asked for: ${listed(tallyFailures(wrong))}. The first: ${told(record, first)}.`];
}

/** `a keep-alive request due 12.3 s into the run, 1.2 s into the release of v2`. */
function told(record: PlayRecord, { kind, dueAt }: Sample): string {
  const due = `a ${kind} request due ${seconds(dueAt - record.startedAt)} into the run`;
  const span = loadedSpans(record).find((each) => isWithin(each, dueAt));
  if (span === undefined) return `${due}, before any rollout`;
  return `${due}, ${seconds(dueAt - span.from)} after the push of ${span.rollout.to} (${span.rollout.name})`;
}

const why: Readonly<Record<Stray, string>> = {
  early: 'before its commit was pushed',
  late: 'after its last pod was gone',
  unknown: 'though no rollout brings it',
};

/** Answers of a version that could not have answered: one reason for each version and cause. */
export function strayAnswers(record: PlayRecord): readonly string[] {
  const spans = rolloutSpans(record);
  const byVersion = groupBy(record.samples, ({ version }) => version);
  return [...byVersion].flatMap(([version, samples]) => {
    if (version === null) return [];
    const times = servingTimes(spans, version);
    const byCause = groupBy(samples, (sample) => stray(sample, times));
    return [...byCause].flatMap(([cause, strays]) =>
      cause === null ? [] : sentence(version, cause, strays, record.startedAt),
    );
  });
}

function sentence(version: string, cause: Stray, strays: readonly Sample[], startedAt: number): string {
  const first = strays.reduce((earliest, { endedAt }) => Math.min(earliest, endedAt), Number.POSITIVE_INFINITY);
  return `${version} gave ${counted(strays.length, 'answer')} ${why[cause]}, the first ${seconds(first - startedAt)} into the run.`;
}

/** What long-lived clients lost, a sentence for each kind. What is only told is not among it. */
export function lostLongLived(record: PlayRecord): readonly string[] {
  const lost = brokenLongLived(record).filter(({ failure }) => !isOnlyTold(record, failure));
  return longLivedSentences(record, lost, 'were lost');
}

/** Streams and sockets that ended without their protocol's end, where that is only told. */
export function toldLongLived(record: PlayRecord): readonly string[] {
  const early = brokenLongLived(record).filter(({ failure }) => isOnlyTold(record, failure));
  return longLivedSentences(record, early, "ended without their protocol's end");
}

function brokenLongLived(record: PlayRecord): readonly LongLived[] {
  // What a step of the scene may lose it may lose of these as well.
  const allowed = loadedSpans(record).filter(({ rollout }) => rollout.allowed !== undefined);
  const { ended = [] } = record.longLived ?? {};
  return ended.filter(
    ({ failure, endedAt }) =>
      failure !== null && !ownErrors.has(failure) && !allowed.some((span) => isWithin(span, endedAt)),
  );
}

function isOnlyTold({ longLived }: PlayRecord, failure: string | null): boolean {
  return failure === 'closed early' && longLived?.closedEarly === 'told';
}

function longLivedSentences(record: PlayRecord, broken: readonly LongLived[], how: string): readonly string[] {
  return [...groupBy(broken, ({ kind }) => kind)].map(([kind, group]) => {
    const all = (record.longLived?.ended ?? []).filter((one) => one.kind === kind).length;
    const [first] = group.toSorted((a, b) => a.endedAt - b.endedAt);
    const age =
      first === undefined
        ? ''
        : ` The first was ${seconds(first.endedAt - first.startedAt)} old${whereIs(record, first)}.`;
    return `${outOf(group.length, all)} ${longLivedNames[kind]} ${how}: ${listed(tallyFailures(group))}.${age}`;
  });
}

function whereIs(record: PlayRecord, { endedAt, pod }: LongLived): string {
  const span = loadedSpans(record).find((each) => isWithin(each, endedAt));
  const after =
    span === undefined
      ? ''
      : `, ${seconds(endedAt - span.from)} after the push of ${span.rollout.to} (${span.rollout.name})`;
  return `, ${seconds(endedAt - record.startedAt)} into the run${after}${pod === null ? '' : `, at pod ${pod}`}`;
}
