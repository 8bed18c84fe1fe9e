import { realpath, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { OperationError, UsageError } from '../errors.ts';
import { hookGit as git } from '../git.ts';
import { didYouMean } from '../options.ts';
import { allowingTrailer, type Origin, type TrailingCommit } from './exceptions.ts';
import { type Place, placeOf, type Range, requirePath, returningFolders, type Tree } from './place.ts';
import { isCandidateName } from './read/candidates.ts';
import { type Files, readDirectory, readSingle, sameContent } from './read/files.ts';
import { readCommits, uncommittedManifests } from './read/git-files.ts';

/** What is to be judged, and what is known about it. */
export interface Change {
  readonly before: Files;
  readonly after: Files;
  readonly origin: Origin;
  /** The directory in which a configuration is looked for. */
  readonly root: string;
  /** The configuration of a commit is what was merged, and not what the change brings. */
  configuration(name: string): Promise<string | null>;
  /** The folders that become what they have been before. */
  returning(): Promise<ReadonlySet<string>>;
  /** The commits of the change, oldest first, with their allowing trailers. */
  commits(): Promise<readonly TrailingCommit[]>;
  /** Files of the working copy with manifests that are not compared, since what is in them is not committed, or not staged. */
  leftOut(): Promise<readonly string[]>;
}

/** Where the two states of the manifests come from. */
export interface Asked {
  readonly base?: string | undefined;
  readonly head: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly directory: string;
  readonly staged: boolean;
}

/** The change that a command line asks about. Throws {@link UsageError} where its options contradict each other. */
export async function changeOf(
  { base, head, before, after, directory, staged }: Asked,
  paths: readonly string[],
): Promise<Change> {
  if (before !== undefined || after !== undefined) {
    if (before === undefined || after === undefined)
      throw new UsageError('--before and --after belong together. Give both.');
    if (base !== undefined || paths.length > 0)
      throw new UsageError('--before and --after take neither --base nor paths. Leave those out.');
    return changeOfDirectories(before, after);
  }
  if (staged) {
    if (base !== undefined)
      throw new UsageError('--staged compares with HEAD and takes no --base. Leave one of them out.');
    return changeStaged(directory, paths);
  }
  if (base === undefined) {
    throw new UsageError(
      '--base is missing: what the branch is to be merged into, such as origin/main. Or give --before and --after.',
    );
  }
  return changeSince(directory, base, head, paths);
}

/**
 * Two directories of manifests that are rendered already, or two files. Throws {@link UsageError} where they are not both the same,
 * or one and the same.
 */
async function changeOfDirectories(before: string, after: string): Promise<Change> {
  const [old, next] = await Promise.all([before, after].map((place) => realpath(place).catch(() => null)));
  if (old !== null && old === next) {
    throw new UsageError(`--before and --after both name ${after}, so nothing can differ. Name two states.`);
  }
  return {
    ...(await filesAt(before, after)),
    origin: 'directories',
    root: '.',
    configuration: async () => null,
    returning: async () => new Set(),
    commits: async () => [],
    leftOut: async () => [],
  };
}

async function filesAt(before: string, after: string): Promise<Pick<Change, 'before' | 'after'>> {
  const [wasFile, isFile] = await Promise.all([before, after].map(isFileAt));
  if (wasFile !== isFile) {
    throw new UsageError(`--before and --after are a file and a directory. Give two directories, or two files.`);
  }
  if (wasFile === true) {
    // One name for both, by which they are compared.
    const name = isCandidateName(after) ? after : `${after}.yaml`;
    return { before: await readSingle(before, name), after: await readSingle(after, name) };
  }
  const [old, next] = await Promise.all([before, after].map((place) => readDirectory(place, isCandidateName)));
  return { before: old ?? new Map(), after: next ?? new Map() };
}

async function isFileAt(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * What `head` would bring to `base`, from what is committed: the working copy may have anything checked out. Throws {@link UsageError}
 * for a name that git does not know and a path that neither has, and {@link OperationError} where the two have no history in common.
 */
async function changeSince(directory: string, base: string, head: string, paths: readonly string[]): Promise<Change> {
  const place = await placeOf(directory, paths);
  const { root, below } = place;
  const range = await rangeOf(root, base, head);
  const files = await filesOf(place, [
    { name: base, tree: range.from },
    { name: head, tree: range.to },
  ]);
  return {
    ...files,
    origin: 'branch',
    root,
    configuration: (name) => git(root, 'show', `${range.from}:${name}`).catch(() => null),
    returning: () => returningFolders(root, range, changedFolders(files.before, files.after)),
    commits: () => trailingCommits(root, range),
    leftOut: async () => {
      // Of a branch that is not checked out, the working copy is another matter.
      const isCheckedOut = (await git(root, 'rev-parse', 'HEAD')) === range.to;
      return isCheckedOut ? uncommittedManifests(root, below, 'working copy', files.after) : [];
    },
  };
}

/** What is staged against what is committed, before there is a message that could allow anything. */
async function changeStaged(directory: string, paths: readonly string[]): Promise<Change> {
  const place = await placeOf(directory, paths);
  const { root, below } = place;
  const staged = await git(root, 'write-tree');
  const head = await git(root, 'rev-parse', '--verify', '--quiet', 'HEAD^{tree}').catch(() => null);
  // Before the first commit there is nothing.
  const from = head ?? (await git(root, 'hash-object', '-t', 'tree', '/dev/null'));
  const files = await filesOf(place, [
    { name: 'HEAD', tree: from },
    { name: 'what is staged', tree: staged },
  ]);
  return {
    ...files,
    origin: 'staged',
    root,
    configuration: (name) => git(root, 'show', `HEAD:${name}`).catch(() => null),
    returning: async () => new Set(),
    commits: async () => [],
    leftOut: () => uncommittedManifests(root, below, 'not staged', files.after),
  };
}

async function filesOf(
  { root, below }: Place,
  trees: readonly [Tree, Tree],
): Promise<Pick<Change, 'before' | 'after'>> {
  const commits = trees.map(({ tree }) => tree);
  const [before = new Map(), after = new Map()] = await readCommits(root, commits, below, isCandidateName);
  for (const given of below) await requirePath(root, given, trees, [...before.keys(), ...after.keys()]);
  return { before, after };
}

/** What was merged into `base` since the two went apart is not the branch's doing. */
export async function rangeOf(root: string, base: string, head: string): Promise<Range> {
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
  try {
    return await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  } catch (cause) {
    const branches = await git(
      root,
      'for-each-ref',
      '--format=%(refname:short)',
      'refs/heads',
      'refs/remotes',
      'refs/tags',
    );
    const meant = didYouMean(name, branches.split('\n'));
    throw new UsageError(`${option} is ${JSON.stringify(name)}, which names no commit here. Fetch it first.${meant}`, {
      cause,
    });
  }
}

async function trailingCommits(root: string, { from, to }: Range): Promise<readonly TrailingCommit[]> {
  const trailers = `%(trailers:key=${allowingTrailer},valueonly=true,unfold=true)`;
  const log = await git(
    root,
    'log',
    '--reverse',
    '--no-show-signature',
    `--format=%h%n${trailers}%x01%B%x00`,
    `${from}..${to}`,
  );
  return log.split('\0').flatMap((entry) => {
    const [head = '', message = ''] = entry.split('\u0001');
    const [commit, ...values] = head.split('\n').filter((line) => line.trim() !== '');
    return commit === undefined ? [] : [{ commit, trailers: values, message }];
  });
}

/** The directories of the files that differ. */
function changedFolders(before: Files, after: Files): readonly string[] {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !sameContent(before.get(path), after.get(path)),
  );
  return [...new Set(changed.map((path) => posix.dirname(path)))];
}
