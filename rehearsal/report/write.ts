import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeReportFolder } from './folder.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { page } from './page/page.ts';
import { standalonePicture } from './picture/alone.ts';
import type { Report } from './schema.ts';

/** Writes the report in all its forms, and replaces the one that was there. Makes the folder where it has gone meanwhile. */
export async function writeReport(directory: string, report: Report): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.html': page(report),
    'report.svg': `${standalonePicture(report)}\n`,
    'junit.xml': junit(report),
    'summary.md': markdown(report),
  };
  try {
    await makeReportFolder(directory);
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text);
  } catch (cause) {
    throw new Error(`The report can't be written to ${directory}. Choose another folder with --report.`, { cause });
  }
}
