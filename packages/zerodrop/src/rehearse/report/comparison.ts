import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComparedRollout, Comparison } from './compare.ts';
import type { Report } from './schema.ts';
import { columns } from './text.ts';
import { outOf, seconds } from './words.ts';
import { writeReport } from './write.ts';

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
    ? `ToLoadClient of the ${name}: the same.`
    : `ToLoadClient of the ${name}: only the embedded cluster has ${reordered.join(', ')}.`;
}

function difference(embeddedMs: number | null, realMs: number | null): string {
  if (embeddedMs === null || realMs === null) return '';
  const byMs = realMs - embeddedMs;
  return `${byMs < 0 ? '-' : '+'}${seconds(Math.abs(byMs))}`;
}

/** Writes both reports in folders of their own, and the comparison beside them. */
export async function writeComparison(
  directory: string,
  embedded: Report,
  real: Report,
  comparison: Comparison,
): Promise<void> {
  await writeReport(path.join(directory, 'embedded'), embedded);
  await writeReport(path.join(directory, 'real'), real);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
  await writeFile(path.join(directory, 'comparison.txt'), `${comparisonTable(comparison)}\n`);
}
