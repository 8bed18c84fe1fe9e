import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import type { Report } from 'zerodrop/rehearse';
import { picture } from './picture.ts';

/** What a rehearsal left in its report folder, for a job's summary: its own words, and a picture that GitHub draws. */
export async function rehearsalSummary(directory: string): Promise<string> {
  try {
    const words = await readFile(join(directory, 'summary.md'), 'utf8');
    const report: Report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'));
    return `${withoutFiles(words).trimEnd()}\n\n${picture(report)}`;
  } catch (cause) {
    throw new OperationError(
      `${directory} has no report: the rehearsal ended before it wrote one, and its log says why.`,
      {
        cause,
      },
    );
  }
}

/** Pictures beside the report are not there for whoever reads the summary. */
function withoutFiles(markdown: string): string {
  return markdown.replaceAll(/!\[[^\]]*\]\((?!https:)[^)]*\)\n?/g, '');
}
