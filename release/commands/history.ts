import type { Ended } from 'zerodrop/command';
import { ProgramError, UsageError } from 'zerodrop/errors';
import { git, gitBytes } from 'zerodrop/git';
import { loadProject, type Target } from '../../apps/project.ts';
import { buildOf } from '../../settings/build.ts';
import { findEnvironment, findService } from '../../settings/settings.ts';
import { requireHistory } from '../history/decision.ts';
import { readPinChanges } from '../history/pin-changes.ts';
import { entriesOf, type Entry, type Figures, figuresOf, type Period, within } from '../history/record.ts';
import { pushOptions, readArguments } from '../options.ts';
import { named } from '../outcome.ts';
import { findWorkingCopy } from '../publish/render.ts';

const usage = `npm run release -- history [options]

Says what ran when, by the pins in git alone, and DORA's figures of a period: how often something is released, how long a commit
takes until it is, how many releases are rolled back, and how long one that is runs until then. It reads the branch that is checked
out and changes nothing. docs/reference/history.md defines each figure.

  --environment NAME    one of settings.ts; all of them unless said
  --service NAME        one of settings.ts; all of them unless said
  --days N              the period: the last N days (90)
  --json                prints JSON: times in ISO 8601, durations in seconds
  --directory DIR       anywhere in the clone (the current directory)

Exit: 0 done, 2 wrong use, 3 the history can't be read, such as that of a shallow clone, 130 interrupted.
`;

/** The history of one target. */
interface TargetHistory {
  readonly service: string;
  readonly environment: string;
  /** Newest first: those of the period. */
  readonly entries: readonly Entry[];
  readonly figures: Figures;
}

/** `npm run release -- history` */
export async function historyCommand(args: readonly string[], _: AbortSignal, nowMs = Date.now()): Promise<Ended> {
  const values = readArguments(
    args,
    {
      environment: { type: 'string' },
      service: { type: 'string' },
      days: { type: 'string', default: '90' },
      json: { type: 'boolean', default: false },
      directory: pushOptions.directory,
      help: pushOptions.help,
    },
    'history ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const toSeconds = Math.floor(nowMs / 1_000);
  const period = { fromSeconds: toSeconds - daysOf(values.days) * 24 * 3_600, toSeconds };
  const directory = await findWorkingCopy(values.directory);
  const { settings, targets } = await loadProject(directory);
  for (const found of [
    values.environment === undefined ? null : findEnvironment('--environment', values.environment, settings),
    values.service === undefined ? null : findService(values.service, settings),
  ]) {
    if (typeof found === 'string') throw new UsageError(found);
  }
  const asked = targets.filter(
    ({ service, environment }) =>
      environment.name === (values.environment ?? environment.name) &&
      service.name === (values.service ?? service.name),
  );
  const read: TargetHistory[] = [];
  for (const target of asked) read.push(await readTargetHistory(directory, target, period));
  return { stdout: values.json ? historyJson(read, period) : historyText(read, period), stderr: '', exitCode: 0 };
}

function daysOf(days: string): number {
  if (/^[1-9]\d{0,4}$/.test(days)) return Number(days);
  throw new UsageError(`--days is ${JSON.stringify(days)}, expected a whole number from 1 to 99999.`);
}

/** Reads what a target ran, from the commit that is checked out. Throws OperationError where git does not have all of it. */
async function readTargetHistory(
  directory: string,
  { path, service, environment }: Pick<Target, 'path' | 'service' | 'environment'>,
  period: Period,
): Promise<TargetHistory> {
  const reading = { git: git.bind(null, directory), gitBytes: gitBytes.bind(null, directory) };
  await requireHistory(reading);
  const changes = await readPinChanges(reading, path);
  const times = await timesOf(
    directory,
    changes.map(({ commit }) => commit),
  );
  const all = entriesOf(changes, times);
  const entries = within(all, period);
  const committed = new Map<string, readonly number[]>();
  for (const entry of entries) {
    if (entry.kind === 'release') committed.set(entry.commit, await commitsBrought(directory, entry, buildOf(service)));
  }
  const figures = figuresOf(all, committed, period);
  return { service: service.name, environment: environment.name, entries, figures };
}

/** When commits were made, in seconds since 1970: the committer's time, which a rebase or squash merge renews. */
async function timesOf(directory: string, commits: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (commits.length === 0) return new Map();
  const asked = commits.map((commit) => `${commit}\n`).join('');
  const printed = await gitBytes(directory, asked, 'rev-list', '--no-walk=unsorted', '--timestamp', '--stdin');
  return new Map(
    printed
      .toString()
      .trim()
      .split('\n')
      .map((line) => {
        const [seconds = '', commit = ''] = line.split(' ');
        return [commit, Number(seconds)];
      }),
  );
}

/**
 * When the commits were made that a release brought: those of its source since the one that ran before, as far as they change what the
 * image is made of. Its source alone where nothing ran before, and nothing where the clone does not have the source.
 */
async function commitsBrought(
  directory: string,
  { pin, before }: Entry,
  { paths }: { readonly paths: readonly string[] },
): Promise<readonly number[]> {
  if (pin === null) return [];
  try {
    const own = await timesOf(directory, [pin.source]);
    if (before === null || before.source === pin.source) return [...own.values()];
    const range = [pin.source, `^${before.source}`];
    const listed = await git(
      directory,
      'rev-list',
      '--timestamp',
      '--no-merges',
      '--ignore-missing',
      ...range,
      '--',
      ...paths,
    );
    const brought = listed === '' ? [] : listed.split('\n').map((line) => Number(line.split(' ')[0]));
    return brought.length === 0 ? [...own.values()] : brought;
  } catch (error) {
    if (error instanceof ProgramError) return [];
    throw error;
  }
}

function historyJson(targets: readonly TargetHistory[], period: Period): string {
  const shown = {
    from: iso(period.fromSeconds),
    to: iso(period.toSeconds),
    targets: targets.map(({ entries, ...target }) => ({
      ...target,
      entries: entries.map(({ kind, commit, atSeconds, untilSeconds, takenBackSeconds, pin }) => ({
        kind,
        commit,
        at: iso(atSeconds),
        until: untilSeconds === null ? null : iso(untilSeconds),
        rolledBackAt: takenBackSeconds === null ? null : iso(takenBackSeconds),
        image: pin?.image ?? null,
        source: pin?.source ?? null,
      })),
    })),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The history as a person reads it. */
function historyText(targets: readonly TargetHistory[], period: Period): string {
  const days = Math.round((period.toSeconds - period.fromSeconds) / (24 * 3_600));
  const heading = `The last ${days === 1 ? 'day' : `${days} days`}, until ${minute(period.toSeconds)}.\n`;
  return [heading, ...targets.map(targetText)].join('\n');
}

function targetText({ service, environment, entries, figures }: TargetHistory): string {
  const lines = entries.map((entry) => {
    const until = entry.untilSeconds === null ? 'now' : minute(entry.untilSeconds);
    const what = entry.pin === null ? 'nothing' : `${named(entry.pin)}${versionNote(entry)}`;
    return `  ${minute(entry.atSeconds)}  until ${until.padEnd(minute(0).length)}  ${entry.kind.padEnd('rollback'.length)}  ${what}`;
  });
  const { releases, takenBack, takenBackShare, leadTimeCommits, restores } = figures;
  const rows: readonly (readonly [string, string])[] = [
    ['releases', `${releases}, ${figures.releasesPerWeek.toFixed(1)} a week`],
    ['lead time', medianText(figures.leadTimeSeconds, leadTimeCommits, 'commit')],
    [
      'rolled back',
      takenBackShare === null ? '-' : `${takenBack} of ${releases} (${Math.round(takenBackShare * 100)} %)`,
    ],
    ['time to restore', medianText(figures.restoreSeconds, restores, 'rollback')],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const body = lines.length === 0 ? ['  Nothing was released, rolled back or removed.'] : lines;
  return [
    `${service} in ${environment}`,
    ...body,
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    '',
  ].join('\n');
}

function versionNote({ takenBackSeconds }: Entry): string {
  return takenBackSeconds === null ? '' : `, rolled back ${minute(takenBackSeconds)}`;
}

function medianText(seconds: number | null, count: number, of: string): string {
  if (seconds === null) return '-';
  return count === 1 ? `${duration(seconds)} (one ${of})` : `${duration(seconds)} (median of ${count} ${of}s)`;
}

/** A duration in its two largest units. */
export function duration(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 24 * 3_600],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first === -1) return '0 s';
  let left = Math.floor(seconds);
  return units
    .slice(first, first + 2)
    .flatMap(([unit, length]) => {
      const count = Math.floor(left / length);
      left -= count * length;
      return count === 0 ? [] : [`${count} ${unit}`];
    })
    .join(' ');
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

function minute(seconds: number): string {
  return `${iso(seconds).slice(0, 16).replace('T', ' ')} UTC`;
}
