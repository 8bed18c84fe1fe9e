import type { PlayRecord } from '../cluster.ts';
import type { Check, Control, Figures, Report } from '../report/schema.ts';
import { milliseconds } from '../report/words.ts';
import { clientFigures, clientKinds, rolloutFigures, steadyFigures, timeline } from './figures.ts';
import {
  gaps,
  lackingCapacity,
  lateRollouts,
  lostRequests,
  shortDrain,
  slowRequests,
  strayAnswers,
  unfinishedRollouts,
  wrongBodies,
} from './reasons.ts';
import { failed, loadedSpans } from './samples.ts';
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
  const main = ours.record;
  const control = other?.record ?? null;
  const excusable: readonly Check[] = [
    { name: 'every rollout completes', reasons: [...unfinishedRollouts(main), ...lateRollouts(main, 'reason')] },
    { name: 'no request is lost', reasons: [...lostRequests(main), ...shortDrain(main)] },
    { name: 'no answer is late', reasons: [...slowRequests(main), ...gaps(main)] },
    { name: 'no rollout lowers the capacity', reasons: lackingCapacity(main) },
  ];
  const inexcusable: readonly Check[] = [
    { name: 'every answer is the right one', reasons: wrongBodies(main) },
    { name: 'every answer is of a version that is rolled out', reasons: strayAnswers(main) },
  ];
  const checks = [...excusable, ...inexcusable];
  const reasons = reasonsOf(checks);
  const doubts = [
    // A loss that was seen was seen: neither a load that ended early nor the control can undo it.
    ...(reasons.length > 0 ? disturbed(main) : hidden(ours)),
    ...(reasonsOf(excusable).length > 0 ? starved(main) : []),
    ...(reasons.length > 0 ? [] : controlDoubts(other)),
  ];
  return {
    schema: 1,
    target: main.target,
    settings: main.settings,
    verdict: verdictOf(reasonsOf(inexcusable).length > 0 || isStuck(main), reasons.length > 0, doubts.length > 0),
    reasons,
    doubts,
    checks,
    asked: main.asked,
    numbers: main.numbers,
    slowMs: main.slowMs,
    detection: detectionLimit(main),
    warnings: [
      ...blurredLoad(main),
      ...withoutVersions(main),
      ...slower(main),
      ...lateRollouts(main, 'warning'),
      ...notAsCommitted(main),
      ...lossyControl(control),
      ...withoutControl(main, control),
      ...withoutDrain(control),
    ],
    notRun: notRun(main),
    ...figures(main),
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

const names = {
  replicas: 'replicas',
  maxSurge: 'maxSurge',
  maxUnavailable: 'maxUnavailable',
  minReadySeconds: 'minReadySeconds',
  drainMs: 'the drain in ms',
  graceSeconds: 'terminationGracePeriodSeconds',
} as const;

/** Numbers that are others than those that a release would roll out with. */
function notAsCommitted({ settings, numbers: { played, committed } }: PlayRecord): readonly string[] {
  if (settings !== 'ours') return [];
  const fields = Object.keys(names) as (keyof typeof names)[];
  const others = fields.filter((field) => played[field] !== committed[field]);
  const { autoscaler } = committed;
  const scaled = autoscaler === null ? null : `an autoscaler of ${autoscaler.min} to ${autoscaler.max}`;
  return others.map(
    (field) =>
      `Played with ${names[field]} ${played[field]}. Committed is ${(field === 'replicas' ? scaled : null) ?? committed[field]}.`,
  );
}

function withoutVersions({ asked }: PlayRecord): readonly string[] {
  if (asked.version !== null) return [];
  return [
    'Nothing tells which version gave an answer, so answers of a version that should not answer any more are not judged. Say where it stands by --version-header or --version-json.',
  ];
}

function withoutControl(main: PlayRecord, control: PlayRecord | null): readonly string[] {
  return control === null && main.settings === 'ours'
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

function notRun({ observed }: PlayRecord): readonly string[] {
  return [...new Set(observed.flatMap((seen) => (seen.kind === 'not-run' ? seen.object : [])))].toSorted();
}
