import type { PlayRecord } from '../record.ts';
import type { RolloutFigures } from '../report/schema.ts';
import { minimumReady } from './capacity.ts';
import { firstAnswerAt } from './serving.ts';
import { isWithin, type RolloutSpan } from './spans.ts';
import { failed } from './tally.ts';

/** What one rollout did to the requests that were due within its span, and how long it took. */
export function rolloutFigures(record: PlayRecord, span: RolloutSpan): RolloutFigures {
  const { rollout } = span;
  const after = (at: number | null): number | null => (at === null ? null : Math.round(at - rollout.pushedAt));
  const due = record.samples.filter(({ dueAt }) => isWithin(span, dueAt));
  return {
    name: rollout.name,
    revision: rollout.revision,
    from: rollout.from,
    to: rollout.to,
    replicas: rollout.replicas,
    maxSurge: rollout.maxSurge,
    maxUnavailable: rollout.maxUnavailable,
    committedAtMs: Math.round(rollout.pushedAt - record.startedAt),
    syncedAfterMs: after(rollout.syncedAt),
    firstAnswerAfterMs: after(firstAnswerAt(record.samples, span)),
    completeAfterMs: after(rollout.completeAt),
    lastOldPodGoneAfterMs: after(rollout.lastOldPodGoneAt),
    boundMs: rollout.boundMs,
    requests: due.length,
    failed: failed(due).length,
    minimumReadyPods: minimumReady(record.observed, span.from, span.to),
  };
}
