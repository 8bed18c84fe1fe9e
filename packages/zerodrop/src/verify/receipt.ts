import type { Sample } from '../rehearse/load/schedule.ts';
import { counted, listed, milliseconds, outOf } from '../rehearse/report/words.ts';
import { failed, latency, ownErrors, tallyFailures } from '../rehearse/verdict/samples.ts';
import type { Observed } from '../rollout/watch.ts';

/** What the statement about an image is: a receipt, as docs/receipt.schema.json of this package describes it. */
export const predicateType = 'https://zerodrop.dev/receipt/v1';

/** What a rollout did to the requests that were sent meanwhile: the predicate of an in-toto statement about the image. */
export interface Receipt {
  /** Of the Application, or of the Deployment where there is none. */
  readonly rollout: string;
  /** As whoever ran it calls it; null where nobody said. */
  readonly environment: string | null;
  /** The image that was rolled out, by its digest; null where more than one was, or the manifests name it by tag alone. */
  readonly image: string | null;
  /** The commit of the manifests; null where none is known. */
  readonly revision: string | null;
  readonly url: string;
  /** Requests per second of each of the two client kinds. */
  readonly rate: number;
  /** In which requests were due. */
  readonly window: { readonly from: string; readonly to: string };
  readonly sent: number;
  readonly lost: number;
  readonly lostByCause: Readonly<Record<string, number>>;
  /** Of those that were lost, the ones that were due before the first new pod was there. */
  readonly lostBefore: number;
  /** Of right answers, from when the request was due. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Lossless and lossy are about the whole rollout; inconclusive says nothing of it. */
  readonly verdict: 'lossless' | 'lossy' | 'inconclusive';
  /** Why it is inconclusive; empty where it is not. */
  readonly reasons: readonly string[];
}

/** What was seen of one rollout since the load began. */
export interface Seen {
  /** The ReplicaSets that had pods when its watch began; null where its pods can't be seen. */
  readonly first: readonly string[] | null;
  /** What came after it. */
  readonly later: readonly Observed[];
}

/** What a load met. */
export interface Measured {
  readonly samples: readonly Sample[];
  /** Why the load ended before it was told to; null where it did not. */
  readonly endedEarly: string | null;
}

/** What a receipt is about. */
export type Subject = Pick<Receipt, 'rollout' | 'environment' | 'image' | 'revision' | 'url' | 'rate'> & {
  readonly isRolledOut: boolean;
};

/**
 * How late a request may be sent, in milliseconds, before its client counts as silent. The gap that a lost pod leaves is about an
 * endpoint's lag, 1 s in the middle: half of it can't hide one.
 */
const silentMs = 500;

/**
 * Judges what a load met in the rollouts that were seen. Null where no pod was replaced and no request was lost: then there is nothing
 * to tell of.
 */
export function receiptOf(
  { isRolledOut, ...subject }: Subject,
  seen: readonly Seen[],
  { samples, endedEarly }: Measured,
): Receipt | null {
  const lost = failed(samples);
  const begins = seen.flatMap((one) => firstNewPodAt(one) ?? []);
  const begunBefore = coverage(seen);
  if (begins.length === 0 && begunBefore.length === 0 && isRolledOut && lost.length === 0) return null;
  const begunAt = Math.min(...begins);
  const lostByCause = tallyFailures(samples);
  const due = samples.map(({ dueAt }) => dueAt).toSorted((one, other) => one - other);
  const { p50, p99 } = latency(samples);
  const doubts = [
    ...(lost.length === samples.length ? [`${subject.url} never answered as it should.`] : []),
    ...ownFaults(lostByCause),
    ...(endedEarly === null ? [] : [endedEarly]),
    ...silence(samples),
    ...begunBefore,
    ...(isRolledOut && begins.length === 0 ? ['No pod was replaced while the load ran.'] : []),
    ...(isRolledOut ? [] : ['The rollout did not complete.']),
  ];
  // A loss is one, whatever else is not known. What never answered, or was never sent, tells nothing of the rollout.
  const isTold = begins.length > 0 && lost.length < samples.length;
  const isLossy = isTold && lost.some(({ failure }) => failure !== null && !ownErrors.has(failure));
  return {
    ...subject,
    window: { from: isoOf(due[0]), to: isoOf(due.at(-1)) },
    sent: samples.length,
    lost: lost.length,
    lostByCause,
    lostBefore: lost.filter(({ dueAt }) => dueAt < begunAt).length,
    latencyMs: { p50, p99 },
    verdict: isLossy ? 'lossy' : doubts.length > 0 ? 'inconclusive' : 'lossless',
    reasons: isLossy ? [] : doubts,
  };
}

/** When the first pod was seen of a ReplicaSet that had none when the watch began; null where there was none. */
function firstNewPodAt({ first, later }: Seen): number | null {
  const known = new Set(first);
  const found = later.find((one) => one.kind === 'pods' && one.pods.some(({ replicaSet }) => !known.has(replicaSet)));
  return first === null ? null : (found?.at ?? null);
}

/** Why the load may have missed a part of a rollout: a loss in that part was not seen. */
function coverage(seen: readonly Seen[]): readonly string[] {
  const reasons = seen.flatMap((one) => {
    if (one.first === null) return ['Its pods can not be seen from here.'];
    if (one.first.length > 1) return ['The rollout had begun before the load did.'];
    return one.first.length === 0 && firstNewPodAt(one) !== null
      ? ['No pod ran before it that could have answered.']
      : [];
  });
  return [...new Set(reasons)];
}

function ownFaults(lostByCause: Receipt['lostByCause']): readonly string[] {
  const own = Object.keys(lostByCause).filter((cause) => ownErrors.has(cause));
  if (own.length === 0) return [];
  return [
    `This machine could not send some requests (${own.join(', ')}). Check its network, and the name in the address.`,
  ];
}

function silence(samples: readonly Sample[]): readonly string[] {
  const longest = Math.max(0, ...samples.map(({ dueAt, sentAt }) => sentAt - dueAt));
  if (longest <= silentMs) return [];
  return [
    `The load was silent for ${Math.round(longest)} ms, because this machine was busy: a loss at that time was not seen.`,
  ];
}

function isoOf(ms: number | undefined): string {
  return new Date(ms ?? 0).toISOString();
}

/** A receipt in a sentence, for a person and for a commit status. */
export function receiptWords({ sent, lost, lostByCause, lostBefore, latencyMs, verdict, reasons }: Receipt): string {
  const figures = `${outOf(lost, sent)} requests lost`;
  const times = `p50 ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}`;
  if (verdict === 'inconclusive') return `Inconclusive (${figures}). ${reasons.join(' ')}`;
  if (verdict === 'lossless') return `${figures}, ${times}`;
  const before =
    lostBefore === 0 ? '' : `, ${counted(lostBefore, 'of them').replace(/s$/, '')} before the first new pod`;
  return `${figures} (${listed(lostByCause)}${before}), ${times}`;
}
