import type { Tree } from '../publish/tree.ts';

/** The commits that one source has and another has not. */
export interface Commits {
  /** `abc1234 Subject`, newest first; not all where there are many. */
  readonly lines: readonly string[];
  readonly total: number;
}

const shown = 50;
const longestLine = 120;
// A release is a commit as well, and nothing that an image is made of.
const notReleases = ['.', ':(exclude)manifests', ':(exclude)argocd', ':(exclude)apps/images'];

/** Reads the commits in the history of `to` that are not in that of `from`; null where the clone does not have both. */
export async function commitsBetween(tree: Tree, from: string, to: string): Promise<Commits | null> {
  const range = ['--no-merges', `${from}..${to}`, '--', ...notReleases];
  const counted = await tree.tryGit('rev-list', '--count', ...range);
  if (counted.exitCode !== 0) return null;
  const format = ['--no-show-signature', '--no-color', '--format=%h %s', `--max-count=${shown}`];
  const listed = await tree.git('log', ...format, ...range);
  const lines = listed.split('\n').filter((line) => line !== '');
  return { lines: lines.map(cut), total: Number(counted.stdout) };
}

function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}
