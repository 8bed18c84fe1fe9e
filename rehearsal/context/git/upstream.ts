import { devNull } from 'node:os';
import { run, type Surroundings } from '../../scratch/run.ts';

/** A branch of the play's own in a repository that exists. */
export interface Upstream {
  /** Brings the branch to the scratch clone's commit. */
  push(): Promise<void>;
  /** Takes the branch away again. */
  remove(): Promise<void>;
}

/**
 * Prepares pushes from the scratch clone to a repository that exists, with the user's own git configuration and credentials.
 * On a branch of its own: main of a fork has a history, and perhaps an environment that follows it.
 */
export function upstreamBranch(user: Surroundings, url: string, branch: string): Upstream {
  let pushed = false;
  return {
    async push() {
      pushed = true;
      await push(user, '--force', url, `HEAD:refs/heads/${branch}`).catch((cause: Error) => {
        throw new Error(
          `--repository ${url} took no push of branch ${branch}. Check that your git credentials may write there. ${cause.message}`,
          { cause },
        );
      });
    },
    async remove() {
      if (!pushed) return;
      pushed = false;
      // An interrupted play has used up its signal.
      const last = { ...user, signal: AbortSignal.timeout(30_000) };
      await push(last, url, `:refs/heads/${branch}`).catch((cause: Error) => {
        if (cause.message.includes('remote ref does not exist')) return;
        throw new Error(`Branch ${branch} is left in ${url}. Delete it by: git push ${url} :${branch}`, { cause });
      });
    },
  };
}

async function push(where: Surroundings, ...args: readonly string[]): Promise<void> {
  // The user's hooks stay out: they belong to the user's own commits.
  await run(where, 'git', '-c', `core.hooksPath=${devNull}`, 'push', '--quiet', ...args);
}
