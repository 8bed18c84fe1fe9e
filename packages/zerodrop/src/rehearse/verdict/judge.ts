import type { PlayRecord } from '../cluster.ts';
import type { Sample } from '../load/schedule.ts';
import type { Check, Control, Figures, Report } from '../report/schema.ts';
import { count, counted, milliseconds, seconds } from '../report/words.ts';
import {
  clientFigures,
  clientKinds,
  longLivedFigures,
  notAsCommitted,
  notRun,
  rolloutFigures,
  steadyFigures,
  timeline,
} from './figures.ts';
import {
  gaps,
  lackingCapacity,
  lateRollouts,
  lostLongLived,
  lostRequests,
  shortDrain,
  slowRequests,
  strayAnswers,
  toldLongLived,
  unfinishedRollouts,
  wrongBodies,
} from './reasons.ts';
import { failed, loadedSpans, ownErrors, type RolloutSpan } from './samples.ts';
import {
  blurredLoad,
  calibrated,
  controlDoubts,
  detectionLimit,
  disturbed,
  hidden,
  isStuck,
  lossyControl,
  starved,
  withoutVersions,
} from './trust.ts';

/**
 * Judges a play, and its control where one was played. The verdict is yes only where there is no reason against it and no doubt; a
 * play of the original settings is judged by the same reasons.
 *
 * A wrong answer is one on any machine, and so is a rollout that gets stuck while the machine did its part. A loss, or an answer that came late, may be the doing of a machine that stalled or that kept
 * its client from sending; and a client that was silent may have missed one. Both are inconclusive.
 */
export function judge(played: PlayRecord, playedControl: PlayRecord | null): Report {
  const ours = calibrated(played);
  const other = playedControl === null ? null : calibrated(playedControl);
  const whole = ours.record;
  const allowed = allowedLosses(whole);
  const main = { ...whole, samples: whole.samples.filter((sample) => !allowed.samples.has(sample)) };
  const control = other?.record ?? null;
  const excusable: readonly Check[] = [
    { name: 'every rollout completes', reasons: [...unfinishedRollouts(main), ...lateRollouts(main, 'reason')] },
    { name: 'no request is lost', reasons: [...allowed.reasons, ...lostRequests(main), ...shortDrain(main)] },
    { name: 'no answer is late', reasons: [...slowRequests(main), ...gaps(whole)] },
    ...(main.longLived === undefined ? [] : [{ name: 'no long-lived request is lost', reasons: lostLongLived(main) }]),
    { name: 'no rollout lowers the capacity', reasons: lackingCapacity(main) },
  ];
  const inexcusable: readonly Check[] = [
    { name: 'every answer is the right one', reasons: wrongBodies(main) },
    { name: 'every answer is of a version that is rolled out', reasons: strayAnswers(main) },
  ];
  const longLived = longLivedFigures(main);
  const checks = [...excusable, ...inexcusable];
  const reasons = reasonsOf(checks);
  const doubts = [
    // A loss that was seen was seen: neither a load that ended early nor the control can undo it.
    ...(reasons.length > 0 ? disturbed(main) : hidden(ours)),
    ...(reasons.length > 0 ? [] : allowed.doubts),
    ...(reasonsOf(excusable).length > 0 ? starved(main) : []),
    ...(reasons.length > 0 ? [] : controlDoubts(other)),
  ];
  return {
    schema: 1,
    target: main.target,
    settings: main.settings,
    scene: main.scene,
    verdict: verdictOf(reasonsOf(inexcusable).length > 0 || isStuck(main), reasons.length > 0, doubts.length > 0),
    reasons,
    doubts,
    checks,
    asked: main.asked,
    numbers: main.numbers,
    slowMs: main.slowMs,
    allowed: { requests: allowed.samples.size, said: allowed.said },
    detection: detectionLimit(main),
    ...(longLived === null ? {} : { longLived }),
    warnings: [
      ...toldLongLived(main),
      ...blurredLoad(main),
      ...withoutVersions(main),
      ...slower(main),
      ...lateRollouts(main, 'warning'),
      ...notAsCommitted(main),
      ...lossyControl(control),
      ...withoutControl(whole, control),
      ...withoutDrain(control),
    ],
    notRun: notRun(main),
    ...figures(whole),
    control: control === null ? null : controlFigures(control),
  };
}

function reasonsOf(checks: readonly Check[]): readonly string[] {
  return checks.flatMap(({ reasons }) => reasons);
}

function verdictOf(isWrong: boolean, hasReason: boolean, hasDoubt: boolean): Report['verdict'] {
  if (isWrong) return 'failed';
  if (hasDoubt) return 'inconclusive';
  return hasReason ? 'failed' : 'passed';
}

/** A rollout is worth a warning where it makes answers so many times slower, and slower than a tenth of what counts as lost. */
const timesSlower = 10;

function slower(main: PlayRecord): readonly string[] {
  const spans = loadedSpans(main);
  const steady = steadyFigures(main, spans[0]?.from).latencyMs.p99;
  return spans.flatMap((span) => {
    const { name, to, latencyMs } = rolloutFigures(main, span);
    return latencyMs.p99 > timesSlower * steady && latencyMs.p99 > main.slowMs / 10
      ? `Answers took ${milliseconds(latencyMs.p99)} at the 99th percentile during the ${name} of ${to}, and ${milliseconds(steady)} before the first push.`
      : [];
  });
}

function figures(record: PlayRecord): Figures {
  return {
    durationMs: Math.round(record.endedAt - record.startedAt),
    clients: clientKinds.map((kind) => clientFigures(kind, record.rate, record.samples)),
    steady: steadyFigures(record, loadedSpans(record)[0]?.from),
    rollouts: loadedSpans(record).map((span) => rolloutFigures(record, span)),
    timeline: timeline(record),
  };
}

function controlFigures(record: PlayRecord): Control {
  return {
    settings: record.settings,
    requests: record.samples.length,
    failed: failed(record.samples).length,
    ...figures(record),
  };
}

function withoutControl(main: PlayRecord, control: PlayRecord | null): readonly string[] {
  const hasLost = failed(main.samples).length > 0;
  return control === null && main.settings === 'ours' && !hasLost
    ? ['Played without its control: nothing here shows that a loss would have been seen.']
    : [];
}

/** A control can't leave out a drain that is not there. */
function withoutDrain(control: PlayRecord | null): readonly string[] {
  return control?.settings === 'original' && control.numbers.committed.drainMs === 0
    ? [
        `No drain is committed (${control.numbers.drainSetting}), so the control was played with the settings of the original.`,
      ]
    : [];
}

/** What a scene allows to be lost. */
interface AllowedLosses {
  readonly samples: ReadonlySet<Sample>;
  /** What was lost as allowed and why that is, a sentence each. */
  readonly said: readonly string[];
  /** Where more was lost than is allowed. */
  readonly reasons: readonly string[];
  /** Where nothing was lost though the scene does it on purpose. */
  readonly doubts: readonly string[];
}

/** Finds the losses of a play that its scene does on purpose, or can't be without. */
function allowedLosses(record: PlayRecord): AllowedLosses {
  const spans = loadedSpans(record);
  const killed = spans.flatMap((span) => lostWithPod(record, span) ?? []);
  const errors = answeredWithErrors(record, spans) ?? [];
  const all = [...killed, ...errors];
  return {
    samples: new Set(all.flatMap(({ samples }) => [...samples])),
    said: all.flatMap(({ said }) => said),
    reasons: all.flatMap(({ reasons }) => reasons),
    doubts: all.flatMap(({ doubts }) => doubts),
  };
}

/** Errors that a bad version answers with, from its push until the last pod of it is gone. */
function answeredWithErrors({ samples }: PlayRecord, spans: readonly RolloutSpan[]): readonly AllowedLosses[] | null {
  const bad = spans.filter(({ rollout }) => rollout.allowed?.loses === 'errors');
  const [first] = bad;
  const last = bad.at(-1);
  if (first === undefined || last === undefined) return null;
  const until = last.rollout.lastOldPodGoneAt ?? last.to;
  const lost = failed(samples).filter(
    ({ failure, dueAt }) => failure?.startsWith('HTTP 5') === true && dueAt >= first.from && dueAt <= until,
  );
  const { name, to } = first.rollout;
  const from = lost[0]?.dueAt ?? first.from;
  const end = lost.at(-1)?.dueAt ?? first.from;
  const said = `${counted(lost.length, 'request')} were answered with errors by ${to}, from ${seconds(from - first.from)} until ${seconds(end - first.from)} after the push of the ${name}: it does so until its revert is done, ${seconds(until - first.from)} after that push.`;
  const isPlayed = lost.length > 0;
  const nothing = `No request was answered with an error by ${to}, so the scene was not played: none of its pods got any.`;
  return [{ samples: new Set(lost), said: isPlayed ? [said] : [], reasons: [], doubts: isPlayed ? [] : [nothing] }];
}

/** Four standard deviations above what is to be expected: less than one play of ten thousand has more. */
const deviations = 4;

/**
 * What a killed pod takes along: the requests that were open on it, and until the traffic knows, of those that are sent, the share that goes
 * to it. Each goes to one of the pods by chance, so the number that met it is binomial.
 */
function lostWithPod({ samples, observed }: PlayRecord, { rollout, from }: RolloutSpan): AllowedLosses | null {
  const killed = rollout.allowed?.killed;
  if (killed === undefined) return null;
  const gone = observed.find(
    (seen) => seen.kind === 'endpoints' && seen.at >= from && !seen.ready.includes(killed.pod),
  );
  const knownAt = (gone?.at ?? from) + killed.lagMs;
  const lost = failed(samples).filter(({ failure }) => !ownErrors.has(failure ?? ''));
  const open = lost.filter(({ sentAt, endedAt }) => sentAt <= from && endedAt >= from);
  const isBetween = ({ sentAt }: Sample): boolean => sentAt > from && sentAt <= knownAt;
  const later = lost.filter(isBetween);
  const sent = samples.filter(isBetween).length;
  const share = 1 / killed.of;
  const most = Math.ceil(sent * share + deviations * Math.sqrt(sent * share * (1 - share)));
  const met = `${count(later.length)} of ${count(sent)} that were sent until the traffic knew, ${seconds(knownAt - from)} later`;
  if (later.length > most) {
    const reason = `With 1 of ${killed.of} pods killed at most ${count(most)} requests may be lost, and these were: ${met}.`;
    return { samples: new Set(), said: [], reasons: [reason], doubts: [] };
  }
  const said = `${counted(open.length + later.length, 'request')} were lost with pod ${killed.pod}: ${count(open.length)} that were open on it when it was killed, and ${met}, where 1 of ${killed.of} pods may cost ${count(most)} at most.`;
  return { samples: new Set([...open, ...later]), said: [said], reasons: [], doubts: [] };
}
