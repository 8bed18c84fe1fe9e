import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../report/schema.ts';
import { writeReport } from '../report/write.ts';
import type { Comparison } from './compare.ts';
import { comparisonTable } from './table.ts';

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
