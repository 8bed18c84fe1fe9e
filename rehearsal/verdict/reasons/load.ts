import type { Sample } from '../../load/sample.ts';
import type { PlayRecord } from '../../record.ts';
import { milliseconds } from '../../report/words.ts';
import { clientFigures, clientKinds } from '../clients.ts';
import { loadedSpans } from '../spans.ts';

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
