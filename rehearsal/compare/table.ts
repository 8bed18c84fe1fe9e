import { columns } from '../report/text/columns.ts';
import { outOf, seconds } from '../report/words.ts';
import type { ComparedRollout, Comparison } from './compare.ts';

/** A comparison for a terminal. */
export function comparisonTable({ embedded, real, rollouts }: Comparison): string {
  const head = ['', embedded.target, real.target, 'difference'];
  const rows = [
    head,
    ['verdict', embedded.verdict, real.verdict],
    ['requests lost', outOf(embedded.failed, embedded.requests), outOf(real.failed, real.requests)],
    ...rollouts.flatMap(rolloutRows),
  ];
  return columns(rows).join('\n');
}

function rolloutRows({ name, minimumReadyPods, steps, reordered }: ComparedRollout): readonly (readonly string[])[] {
  const [embedded, real] = minimumReadyPods.map((pods) => (pods === null ? '–' : String(pods)));
  return [
    [],
    [name],
    ['  ready pods, at least', embedded ?? '', real ?? ''],
    ...steps.map(({ what, embeddedAfterMs, realAfterMs }) => [
      `  ${what}`,
      seconds(embeddedAfterMs),
      seconds(realAfterMs),
      difference(embeddedAfterMs, realAfterMs),
    ]),
    [`  order: ${reordered.length === 0 ? 'the same' : `embedded has ${reordered.join(', ')}`}`],
  ];
}

function difference(embeddedMs: number | null, realMs: number | null): string {
  if (embeddedMs === null || realMs === null) return '';
  const byMs = realMs - embeddedMs;
  return `${byMs < 0 ? '-' : '+'}${seconds(Math.abs(byMs))}`;
}
