import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { loadSettings } from '../settings/load.ts';
import { type Ended, ended, readArguments, requiredCommit, stepOutputs } from './command.ts';

/**
 * The environments, in their order, whose manifests a push has changed. All of them where the commit before it is not there: the
 * first push of a branch, or one by force.
 */
export async function environmentsSince(
  directory: string,
  before: string,
  environments: readonly string[],
): Promise<string[]> {
  try {
    const changed = (await git(directory, 'diff', '--name-only', '-z', before, 'HEAD', '--')).split('\0');
    return environments.filter((environment) => changed.some((path) => path.startsWith(`manifests/${environment}/`)));
  } catch (error) {
    if (error instanceof ProgramError) return [...environments];
    throw error;
  }
}

/** `environments --since COMMIT`: whose manifests changed since then, as a JSON list for a matrix. */
export async function environmentsCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { since: { type: 'string' } });
  const { environments } = await loadSettings('.');
  const changed = await environmentsSince(
    '.',
    requiredCommit('--since', values.since),
    environments.map(({ name }) => name),
  );
  return ended(stepOutputs({ environments: JSON.stringify(changed) }));
}
