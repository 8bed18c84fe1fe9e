import type { PlayedRollout, PlayRecord } from '../cluster.ts';
import type { Sample } from '../load/schedule.ts';
import { counted, listed, milliseconds, outOf, seconds } from '../report/words.ts';
import { clientFigures, clientKinds, minimumReady } from './figures.ts';
import {
  failed,
  groupBy,
  isWithin,
  loadedSpans,
  rolloutSpans,
  servingTimes,
  stray,
  type Stray,
  tallyFailures,
} from './samples.ts';

/** Rollouts that did not come to their end. */
export function unfinishedRollouts({ rollouts }: PlayRecord): readonly string[] {
  return rollouts.flatMap((rollout) => unfinished(rollout) ?? []);
}

function unfinished({ name, to, completeAt, lastOldPodGoneAt, failure }: PlayedRollout): string | null {
  const said = failure === null ? '' : ` ${failure}`;
  if (completeAt === null) return `The ${name} of ${to} never completed.${said}`;
  if (lastOldPodGoneAt === null) {
    return `The ${name} of ${to} completed, but its last old pod was not seen to go, so nothing says that it lost nothing.${said}`;
  }
  return failure === null ? null : `The ${name} of ${to} failed.${said}`;
}

/** Rollouts during which less than the replicas asked for could take traffic. */
export function lackingCapacity(record: PlayRecord): readonly string[] {
  return loadedSpans(record).flatMap(({ rollout: { name, to, replicas }, from, to: until }) => {
    const lowest = minimumReady(record.observed, from, until);
    if (lowest === null) return `Nothing was seen of the pods during the ${name} of ${to}, so its capacity is unknown.`;
    return lowest < replicas ? `Capacity fell to ${lowest} of ${replicas} ready pods during the ${name} of ${to}.` : [];
  });
}

const wrongAnswers: ReadonlySet<string | null> = new Set(['wrong body', 'no x-version']);

/** Requests that got no answer, or an error for one. */
export function lostRequests(record: PlayRecord): readonly string[] {
  const lost = failed(record.samples).filter(({ failure }) => !wrongAnswers.has(failure));
  const [first] = inOrder(lost);
  if (first === undefined) return [];
  const kinds = listed(tallyFailures(lost));
  return [`${outOf(lost.length, record.samples.length)} requests failed: ${kinds}. The first: ${told(record, first)}.`];
}

/** Requests whose answer was somebody else's. */
export function wrongBodies(record: PlayRecord): readonly string[] {
  const wrong = record.samples.filter(({ failure }) => wrongAnswers.has(failure));
  const [first] = inOrder(wrong);
  if (first === undefined) return [];
  const answers = counted(wrong.length, 'answer');
  return [`${answers} not what was asked for: ${listed(tallyFailures(wrong))}. The first: ${told(record, first)}.`];
}

function inOrder(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => a.dueAt - b.dueAt);
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

/**
 * A client later than this, in milliseconds at the 99th percentile, is not believed: what it is to find is a gap as long as an
 * endpoint's lag, 1 s in the middle, and whoever sleeps through a tenth of that may sleep through a loss.
 */
const tooLateMs = 100;

/** From here on the figures are believed and blurred: on an idle machine the client stays under it. */
const lateMs = 10;

/** What makes the load no proof: clients that sent nothing, too late, or not all the time. */
export function untrustedLoad(record: PlayRecord): readonly string[] {
  return clientKinds.flatMap((kind) => {
    const { sent, latenessMs } = clientFigures(kind, record.rate, record.samples);
    if (sent === 0) return `No request was sent by the ${kind} client.`;
    if (latenessMs.p99 > tooLateMs) {
      return `The ${kind} client was too late to be trusted: ${lateness(latenessMs.p99)}, more than ${tooLateMs} ms. Rehearse on a less busy machine or with a lower --rate.`;
    }
    return uncovered(
      record,
      record.samples.filter((sample) => sample.kind === kind),
    ).map((what) => `The load of the ${kind} client ${what}`);
  });
}

/** What is worth knowing of a load that is believed. */
export function blurredLoad(record: PlayRecord): readonly string[] {
  return clientKinds.flatMap((kind) => {
    const { p99 } = clientFigures(kind, record.rate, record.samples).latenessMs;
    return p99 > lateMs && p99 <= tooLateMs
      ? `The ${kind} client was late: ${lateness(p99)}. Its times are blurred by as much.`
      : [];
  });
}

function lateness(p99: number): string {
  return `${milliseconds(p99)} at the 99th percentile`;
}

/** A loss can only be seen while requests are due: from before the first push until the last old pod is gone. */
function uncovered({ rate, ...record }: PlayRecord, samples: readonly Sample[]): readonly string[] {
  const spans = loadedSpans({ rate, ...record });
  const due = samples.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b);
  const begins = spans[0]?.from ?? Number.POSITIVE_INFINITY;
  const ends = spans.at(-1)?.rollout.lastOldPodGoneAt ?? Number.NEGATIVE_INFINITY;
  const periodMs = 1_000 / rate;
  return [
    ...((due[0] ?? 0) > begins ? ['began after the first push.'] : []),
    ...((due.at(-1) ?? 0) + periodMs < ends ? ['ended before the last old pod was gone.'] : []),
  ];
}

/** A control that lost nothing in its rollouts: then a zero of ours says nothing either. */
export function blindControl(control: PlayRecord | null): readonly string[] {
  if (control === null) return [];
  const lost = failed(control.samples);
  const spans = loadedSpans(control);
  if (lost.some(({ dueAt }) => spans.some((span) => isWithin(span, dueAt)))) return [];
  const figures = outOf(lost.length, control.samples.length);
  return [
    `The control, with the original settings, must lose requests in its rollouts and lost ${lost.length === 0 ? 'none' : 'none there'} (${figures} in all): the rehearsal cannot see a loss, so its figures prove nothing.`,
  ];
}

/** What a control lost before its first push: then the rig loses requests, not the rollout. */
export function lossyRig(control: PlayRecord | null): readonly string[] {
  const first = control === null ? undefined : loadedSpans(control)[0];
  if (control === null || first === undefined) return [];
  const early = failed(control.samples).filter(({ dueAt }) => dueAt < first.from);
  return early.length === 0
    ? []
    : [
        `The control lost ${outOf(early.length, control.samples.length)} requests before its first push: something else than a rollout loses requests here.`,
      ];
}
