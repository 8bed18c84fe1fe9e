import type { Sample } from '../../load/sample.ts';
import type { PlayRecord } from '../../record.ts';
import { counted, seconds } from '../../report/words.ts';
import { groupBy } from '../group.ts';
import { type Stray, servingTimes, stray } from '../serving.ts';
import { rolloutSpans } from '../spans.ts';

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
