import { columns } from '../report/text/columns.ts';
import { outOf, seconds } from '../report/words.ts';
import type { ComparedRollout, Comparison } from './compare.ts';

/** A comparison for a terminal. */
export function comparisonTable({ embedded, real, rollouts }: Comparison): string {
  const rows = [
    ['', embedded.target, real.target, 'difference'],
    ['verdict', embedded.verdict, real.verdict],
    ['requests lost', outOf(embedded.failed, embedded.requests), outOf(real.failed, real.requests)],
    ...rollouts.flatMap(rolloutRows),
  ];
  return [...columns(rows), '', ...rollouts.map(order)].join('\n');
}

function rolloutRows({ name, minimumReadyPods, steps }: ComparedRollout): readonly (readonly string[])[] {
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
  ];
}

function order({ name, reordered }: ComparedRollout): string {
  return reordered.length === 0
    ? `Order of the ${name}: the same.`
    : `Order of the ${name}: only the embedded cluster has ${reordered.join(', ')}.`;
}

function difference(embeddedMs: number | null, realMs: number | null): string {
  if (embeddedMs === null || realMs === null) return '';
  const byMs = realMs - embeddedMs;
  return `${byMs < 0 ? '-' : '+'}${seconds(Math.abs(byMs))}`;
}
