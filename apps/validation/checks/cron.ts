import { says } from '../../../settings/value.ts';
import type { Fields, Finding } from '../finding.ts';

/** A field of a schedule: its least and greatest number, and what names stand for numbers. */
interface Unit {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

// robfig/cron, which the controller reads a schedule with: parser.go and spec.go.
const units: readonly Unit[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  {
    name: 'month',
    least: 1,
    most: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', least: 0, most: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const named =
  /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every (?:\d+(?:\.\d+)?(?:h|m|s|ms|us|µs|ns))+)$/;

/** The five fields of a schedule, or one of its names. */
export function* cronFindings({ schedule }: Fields): Generator<Finding> {
  if (typeof schedule !== 'string' || named.test(schedule)) return;
  const fields = schedule.trim().split(/\s+/);
  if (/^(?:CRON_)?TZ=/.test(schedule)) {
    yield { path: 'schedule', says: `${says(schedule)}, but its time zone belongs in timeZone. Move it there` };
  } else if (fields.length !== units.length) {
    yield { path: 'schedule', says: `${says(schedule)}. Expected five fields such as '0 3 * * *'` };
  } else {
    for (const [index, unit] of units.entries()) {
      const field = fields[index] ?? '';
      if (field.split(',').every((part) => isRange(part, unit))) continue;
      yield {
        path: 'schedule',
        says: `${says(schedule)}, and its ${unit.name} is '${field}'. Expected numbers from ${unit.least} to ${unit.most}`,
      };
    }
  }
}

/** `*`, `5`, `1-5`, and a step after a slash. */
function isRange(text: string, unit: Unit): boolean {
  const { from, to, step } =
    /^(?<from>[^-/]+)(?:-(?<to>[^-/]+))?(?:\/(?<step>\d+))?$/.exec(text.toLowerCase())?.groups ?? {};
  if (from === undefined || step === '0') return false;
  if (from === '*' || from === '?') return to === undefined;
  const [begin, end] = [numberOf(from, unit), numberOf(to ?? from, unit)];
  return begin >= unit.least && end <= unit.most && begin <= end;
}

function numberOf(text: string, { least, words }: Unit): number {
  const index = words.indexOf(text);
  if (index !== -1) return least + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
