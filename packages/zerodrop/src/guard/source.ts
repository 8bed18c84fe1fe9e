import { posix } from 'node:path';
import { OperationError, UsageError } from '../errors.ts';
import { git } from '../git.ts';
import { allowingTrailer, type TrailingCommit } from './exceptions/trailer.ts';
import { isCandidateName } from './read/candidates.ts';
import { readDirectory } from './read/directory.ts';
import type { Files } from './read/files.ts';
import { readCommits } from './read/git-files.ts';

/** What is to be judged, and what is known about it. */
export interface Change {
  readonly before: Files;
  readonly after: Files;
  /** The directory in which a configuration is looked for. */
  readonly root: string;
  /** The configuration of a commit is what was merged, and not what the change brings. */
  configuration(name: string): Promise<string | null>;
  /** The folders that become what they have been before. */
  returning(): Promise<ReadonlySet<string>>;
  /** The commits of the change, oldest first, with their allowing trailers. */
  commits(): Promise<readonly TrailingCommit[]>;
}

/** Two directories of manifests that are rendered already. */
export async function changeOfDirectories(before: string, after: string): Promise<Change> {
  const [old, next] = await Promise.all([before, after].map((directory) => readDirectory(directory, isCandidateName)));
  return {
    before: old ?? new Map(),
    after: next ?? new Map(),
    root: '.',
    configuration: async () => null,
    returning: async () => new Set(),
    commits: async () => [],
  };
}

/**
 * What `head` would bring to `base`, from what is committed: the working copy may have anything checked out. Throws {@link UsageError} for a name that git does not know, and
 * {@link OperationError} where the two have no history in common.
 */
export async function changeSince(
  directory: string,
  base: string,
  head: string,
  paths: readonly string[],
): Promise<Change> {
  const place = await placeOf(directory, paths);
  const { root } = place;
  const range = await rangeOf(root, base, head);
  const files = await filesOf(place, range.from, range.to);
  return {
    ...files,
    root,
    configuration: (name) => git(root, 'show', `${range.from}:${name}`).catch(() => null),
    returning: () => returningFolders(root, range, changedFolders(files.before, files.after)),
    commits: () => trailingCommits(root, range),
  };
}

/** What is staged against what is committed, before there is a message that could allow anything. */
export async function changeStaged(directory: string, paths: readonly string[]): Promise<Change> {
  const place = await placeOf(directory, paths);
  const { root } = place;
  const staged = await git(root, 'write-tree');
  return {
    ...(await filesOf(place, 'HEAD', staged)),
    root,
    configuration: (name) => git(root, 'show', `HEAD:${name}`).catch(() => null),
    returning: async () => new Set(),
    commits: async () => [],
  };
}

/** A repository, and the paths of it that are asked about. */
interface Place {
  readonly root: string;
  readonly below: readonly string[];
}

async function placeOf(directory: string, paths: readonly string[]): Promise<Place> {
  const root = await git(directory, 'rev-parse', '--show-toplevel').catch((cause: unknown) => {
    throw new UsageError(`${directory} is not in a git repository. Name one with --directory.`, { cause });
  });
  const prefix = await git(directory, 'rev-parse', '--show-prefix');
  return { root, below: paths.map((path) => posix.normalize(posix.join(prefix === '' ? '.' : prefix, path))) };
}

async function filesOf({ root, below }: Place, from: string, to: string): Promise<Pick<Change, 'before' | 'after'>> {
  const [before, after] = await readCommits(root, [from, to], below, isCandidateName);
  return { before: before ?? new Map(), after: after ?? new Map() };
}

/** What is judged, by commits of 40 hex digits: from where the branch was branched off, to its newest. */
interface Range {
  readonly from: string;
  readonly to: string;
}

/** What was merged into `base` since the two went apart is not the branch's doing. */
async function rangeOf(root: string, base: string, head: string): Promise<Range> {
  const onto = await commitOf(root, '--base', base);
  const to = await commitOf(root, '--head', head);
  const from = await git(root, 'merge-base', onto, to).catch((cause: unknown) => {
    throw new OperationError(
      `${head} and ${base} have no commit in common here, so nobody can tell what ${head} changes. A shallow clone has too little history: git fetch --unshallow.`,
      { cause },
    );
  });
  return { from, to };
}

async function commitOf(root: string, option: string, name: string): Promise<string> {
  return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(
    (cause: unknown) => {
      throw new UsageError(`${option} is ${JSON.stringify(name)}, which names no commit here. Fetch it first.`, {
        cause,
      });
    },
  );
}

async function trailingCommits(root: string, { from, to }: Range): Promise<readonly TrailingCommit[]> {
  const trailers = `%(trailers:key=${allowingTrailer},valueonly=true,unfold=true)`;
  const log = await git(
    root,
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

function changedFolders(before: Files, after: Files): readonly string[] {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  return [...new Set(changed.map((path) => posix.dirname(path)))];
}

/** A change of more folders is no rollback of one of them, and each costs a walk through the history. */
const mostFolders = 20;

/** By the trees of the history and not by messages: a squash loses what `git revert` writes. */
async function returningFolders(root: string, range: Range, folders: readonly string[]): Promise<ReadonlySet<string>> {
  const returning = new Set<string>();
  if (folders.length > mostFolders) return returning;
  for (const folder of folders) if (await isReturning(root, range, folder)) returning.add(folder);
  return returning;
}

async function isReturning(root: string, { from, to }: Range, folder: string): Promise<boolean> {
  const listed = await git(root, 'ls-tree', to, '--', folder);
  const [, , now] = listed.split(/\s/);
  if (now === undefined) return false;
  // Of each commit of the base: what the tree of the folder was, and what it became.
  const trees = [
    '--first-parent',
    '-m',
    '-t',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-show-signature',
    '--format=',
  ];
  const history = await git(root, 'log', ...trees, from, '--', folder);
  return history.split('\n').some((line) => {
    const [modes = '', path] = line.split('\t');
    return path === folder && modes.split(' ').includes(now);
  });
}
