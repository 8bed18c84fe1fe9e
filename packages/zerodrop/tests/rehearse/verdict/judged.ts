import type { PlayRecord } from '../../../src/rehearse/cluster.ts';
import type { Report } from '../../../src/rehearse/report/schema.ts';
import { judge as judged } from '../../../src/rehearse/verdict/judge.ts';
import { invalid } from '../report/valid.ts';

/** Judges a play, and holds its report to the published schema: every report that a test makes is one of its examples. */
export function judge(played: PlayRecord, control: PlayRecord | null): Report {
  const report = judged(played, control);
  const errors = invalid(report);
  if (errors.length > 0) throw new Error(`The report does not fit report.schema.json:\n${errors.join('\n')}`);
  return report;
}
