import type { ClientKind, Sample } from '../load/sample.ts';
import type { ClientFigures } from '../report/schema.ts';
import { percentiles } from './percentiles.ts';
import { failed, tallyFailures } from './tally.ts';

export const clientKinds: readonly ClientKind[] = ['keep-alive', 'new-connection'];

/** What one kind of client saw. */
export function clientFigures(kind: ClientKind, rate: number, all: readonly Sample[]): ClientFigures {
  const samples = all.filter((sample) => sample.kind === kind);
  const right = samples.filter(({ failure }) => failure === null);
  return {
    kind,
    rate,
    sent: samples.length,
    failed: failed(samples).length,
    failures: tallyFailures(samples),
    latencyMs: percentiles(right.map(({ dueAt, endedAt }) => endedAt - dueAt)),
    latenessMs: percentiles(samples.map(({ dueAt, sentAt }) => sentAt - dueAt)),
  };
}
