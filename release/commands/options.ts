import { ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { mainBranch } from '../publish/remote.ts';
import { realSurroundings, type Surroundings } from '../publish/surroundings.ts';
import { findWorkingCopy } from '../working-copy.ts';

/** The options of every command that pushes. */
export const pushOptions = {
  allow: { type: 'string', multiple: true },
  because: { type: 'string' },
  directory: { type: 'string', default: '.' },
  remote: { type: 'string', default: 'origin' },
  'within-seconds': { type: 'string', default: '120' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What `--help` says about them. */
export const pushUsage = `  --allow RULE          lets it break a rule of the guard, for one object with "RULE Kind/name"; may be repeated,
                        needs --because
  --because TEXT        why; it is kept in the commit's message
  --remote NAME         the remote whose main Argo CD follows (origin)
  --within-seconds N    how long to try again when others push first (120)
  --directory DIR       anywhere in the clone (the current directory)`;

interface PushValues {
  readonly directory: string;
  readonly remote: string;
  readonly 'within-seconds': string;
}

/** The surroundings that a command line asks for. Throws UsageError and OperationError with a sentence. */
export async function surroundingsOf(values: PushValues, signal: AbortSignal): Promise<Surroundings> {
  const withinMs = milliseconds(values['within-seconds']);
  return realSurroundings({
    directory: await findWorkingCopy(values.directory),
    remote: values.remote,
    withinMs,
    signal,
  });
}

/** The value of `--within-seconds`. Throws {@link UsageError} for what is no number. */
export function milliseconds(seconds: string): number {
  if (/^\d+(?:\.\d+)?$/.test(seconds)) return Number(seconds) * 1_000;
  throw new UsageError(`--within-seconds is ${JSON.stringify(seconds)}, expected a number of seconds.`);
}

/**
 * A line about commits of the clone's main that the remote does not have, as far as the clone knows: the command reads the remote's main
 * and does not see them. Empty where there are none.
 */
export async function unpushedLine({ directory, remote }: Pick<Surroundings, 'directory' | 'remote'>): Promise<string> {
  try {
    const range = `refs/remotes/${remote}/${mainBranch}..refs/heads/${mainBranch}`;
    const count = Number(await git(directory, 'rev-list', '--count', range, '--'));
    if (count === 0) return '';
    const commits = count === 1 ? 'a commit' : `${count} commits`;
    return `Note: this reads ${mainBranch} at ${remote}, and your ${mainBranch} has ${commits} that ${remote} does not have. To make that count, run git push first.\n`;
  } catch (error) {
    // Without such a branch there is nothing to compare.
    if (error instanceof ProgramError) return '';
    throw error;
  }
}
