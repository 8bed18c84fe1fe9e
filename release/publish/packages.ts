import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';

const own = join(import.meta.dirname, '..', '..');

/** The packages that this program runs with, for the worktrees that it makes. */
export const installedPackages = join(own, 'node_modules');

/** Makes sure that a tree is rendered with the packages that it names. Throws {@link OperationError} where others are installed. */
export async function requireSamePackages(directory: string): Promise<void> {
  const wanted = await readFile(join(directory, 'package-lock.json'), 'utf8').catch(() => null);
  if (wanted === null || wanted === (await readFile(join(own, 'package-lock.json'), 'utf8').catch(() => null))) return;
  throw new OperationError(
    'The newest main names other packages in package-lock.json than this clone, and those may render something else. Bring the clone up to date (git pull, npm ci), and run this again; in a workflow, run the job again.',
  );
}
