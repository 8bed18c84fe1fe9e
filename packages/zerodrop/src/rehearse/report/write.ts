import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { page } from './page.ts';
import { standalonePicture } from './picture/picture.ts';
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

/** Makes the folder of a report where there is none, before anything is played for it. Throws UsageError where it can't be made. */
export async function makeReportFolder(directory: string): Promise<void> {
  try {
    await makeWithParents(path.resolve(directory));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `--report is ${directory}, which is no folder and can't be made one (${code}). Choose another.`,
      {
        cause,
      },
    );
  }
}

/** Not by the recursive mkdir of Node.js: it tries for ever where a file system answers ENOENT, as /proc does. */
async function makeWithParents(directory: string): Promise<void> {
  if (await isFolder(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) await makeWithParents(parent);
  await mkdir(directory);
}

async function isFolder(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => null);
  return found?.isDirectory() ?? false;
}
