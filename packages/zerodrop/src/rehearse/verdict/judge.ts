import type { PlayRecord } from '../cluster.ts';
import type { Control, Figures, Report } from '../report/schema.ts';
import { clientFigures, clientKinds, rolloutFigures } from './figures.ts';
import {
  blindControl,
  blurredLoad,
  lackingCapacity,
  lossyRig,
  lostRequests,
  strayAnswers,
  unfinishedRollouts,
  untrustedLoad,
  wrongBodies,
} from './reasons.ts';
import { failed, loadedSpans } from './samples.ts';
import { timeline } from './timeline.ts';

/**
 * Judges a play, and its control where one was played. The verdict is yes only where there is no reason against it; a play of
 * the original settings is judged by the same reasons.
 */
export function judge(main: PlayRecord, control: PlayRecord | null): Report {
  const reasons = [
    ...unfinishedRollouts(main),
    ...lostRequests(main),
    ...wrongBodies(main),
    ...strayAnswers(main),
    ...lackingCapacity(main),
    ...untrustedLoad(main),
    ...blindControl(control),
  ];
  return {
    schema: 1,
    target: main.target,
    settings: main.settings,
    verdict: reasons.length === 0 ? 'passed' : 'failed',
    reasons,
    warnings: [...blurredLoad(main), ...lossyRig(control), ...withoutControl(main, control)],
    notRun: notRun(main),
    ...figures(main),
    control: control === null ? null : controlFigures(control),
  };
}

function figures(record: PlayRecord): Figures {
  return {
    durationMs: Math.round(record.endedAt - record.startedAt),
    clients: clientKinds.map((kind) => clientFigures(kind, record.rate, record.samples)),
    rollouts: loadedSpans(record).map((span) => rolloutFigures(record, span)),
    timeline: timeline(record),
  };
}

function controlFigures(record: PlayRecord): Control {
  return {
    settings: 'original',
    requests: record.samples.length,
    failed: failed(record.samples).length,
    ...figures(record),
  };
}

function withoutControl(main: PlayRecord, control: PlayRecord | null): readonly string[] {
  return control === null && main.settings === 'ours'
    ? ['Played without its control: nothing here shows that a loss would have been seen.']
    : [];
}

function notRun({ observed }: PlayRecord): readonly string[] {
  return [...new Set(observed.flatMap((seen) => (seen.kind === 'not-run' ? seen.object : [])))].toSorted();
}
