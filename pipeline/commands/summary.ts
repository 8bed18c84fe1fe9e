import { ended, type Ended } from '../ended.ts';
import { rehearsalSummary } from '../summary/summary.ts';
import { readArguments, required } from './arguments.ts';

/** `summary DIR`: a rehearsal's report in Markdown. */
export async function summaryCommand(args: readonly string[]): Promise<Ended> {
  const { positionals } = readArguments(args, {}, 1);
  return ended(await rehearsalSummary(required('The report folder', positionals[0])));
}
