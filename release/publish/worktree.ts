import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';

/** For git where it does nothing that the user's hooks are about. */
export const withoutHooks = ['-c', 'core.hooksPath=/dev/null'] as const;

const tries = 5;
const betweenMs = 40;

/**
 * Runs `git worktree` in a clone. It reads the entries of every worktree, and dies of one that another run has only half written
 * ("failed to read .git/worktrees/.../commondir: Success"), so a failure is looked at again a moment later. Throws a ProgramError.
 */
export async function worktree(directory: string, ...args: readonly string[]): Promise<string> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await git(directory, ...withoutHooks, 'worktree', ...args);
    } catch (error) {
      if (tried === tries || !(error instanceof ProgramError)) throw error;
      await sleep(tried * betweenMs);
    }
  }
}
