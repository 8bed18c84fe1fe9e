import { CannotRelease } from '../cannot-release.ts';
import { git, GitError } from '../git.ts';
import { WrongUse } from '../wrong-use.ts';
import { allowingTrailer, type TrailingCommit } from './allowances.ts';

/**
 * The commit that HEAD was branched off from `base`, 40 hex digits. What was merged into `base` since is not HEAD's doing. Throws
 * WrongUse for a name that git does not know, and {@link CannotRelease} where the two have no history in common.
 */
export async function branchPoint(directory: string, base: string): Promise<string> {
  const commit = await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`).catch(
    (cause: unknown) => {
      if (!(cause instanceof GitError)) throw cause;
      throw new WrongUse(`--base is ${JSON.stringify(base)}, which names no commit here. Fetch it first.`, { cause });
    },
  );
  try {
    return await git(directory, 'merge-base', commit, 'HEAD');
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new CannotRelease(
      `HEAD and ${base} have no commit in common here, so nobody can tell what HEAD changes. A shallow clone has too little history: git fetch --unshallow.`,
      { cause },
    );
  }
}

/** The commits from one to HEAD, oldest first, with their allowing trailers. */
export async function trailingCommits(directory: string, from: string): Promise<readonly TrailingCommit[]> {
  const trailers = `%(trailers:key=${allowingTrailer},valueonly=true,unfold=true)`;
  const log = await git(
    directory,
    'log',
    '--reverse',
    '--no-show-signature',
    `--format=%h%n${trailers}%x00`,
    `${from}..HEAD`,
  );
  return log
    .split('\0')
    .map((entry) => entry.split('\n').filter((line) => line.trim() !== ''))
    .flatMap(([commit, ...values]) => (commit === undefined ? [] : [{ commit, trailers: values }]));
}
