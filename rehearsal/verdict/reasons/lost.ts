import type { Sample } from '../../load/sample.ts';
import type { PlayRecord } from '../../record.ts';
import { counted, listed, outOf, seconds } from '../../report/words.ts';
import { isWithin, loadedSpans } from '../spans.ts';
import { failed, tallyFailures } from '../tally.ts';

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
