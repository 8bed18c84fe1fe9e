import { CannotRelease } from '../cannot-release.ts';
import { git, GitError } from '../git.ts';
import { WrongUse } from '../wrong-use.ts';
import { allowingTrailer, type TrailingCommit } from './allowances.ts';

/** What is reviewed, by commits of 40 hex digits. */
export interface Range {
  /** The commit that the branch was branched off from. */
  readonly from: string;
  /** The newest of the branch. */
  readonly to: string;
}

/**
 * What `head` changes against `base`: what was merged into `base` since the two went apart is not its doing. Throws WrongUse for a name
 * that git does not know, and {@link CannotRelease} where the two have no history in common.
 */
export async function range(directory: string, base: string, head: string): Promise<Range> {
  const onto = await commitOf(directory, '--base', base);
  const to = await commitOf(directory, '--head', head);
  try {
    return { from: await git(directory, 'merge-base', onto, to), to };
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new CannotRelease(
      `${head} and ${base} have no commit in common here, so nobody can tell what ${head} changes. A shallow clone has too little history: git fetch --unshallow.`,
      { cause },
    );
  }
}

async function commitOf(directory: string, option: string, name: string): Promise<string> {
  try {
    return await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new WrongUse(`${option} is ${JSON.stringify(name)}, which names no commit here. Fetch it first.`, { cause });
  }
}

/** The commits of a range, oldest first, with their allowing trailers. */
export async function trailingCommits(directory: string, { from, to }: Range): Promise<readonly TrailingCommit[]> {
  const trailers = `%(trailers:key=${allowingTrailer},valueonly=true,unfold=true)`;
  const log = await git(
    directory,
    'log',
    '--reverse',
    '--no-show-signature',
    `--format=%h%n${trailers}%x00`,
    `${from}..${to}`,
  );
  return log
    .split('\0')
    .map((entry) => entry.split('\n').filter((line) => line.trim() !== ''))
    .flatMap(([commit, ...values]) => (commit === undefined ? [] : [{ commit, trailers: values }]));
}
