import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OperationError, ProgramError } from 'zerodrop/errors';
import type { ReadGit } from 'zerodrop/files';
import { git, gitError, userEnvironment } from 'zerodrop/git';
import { type Ran, runProgram } from 'zerodrop/program';
import { failedHook, hookWords, removeStaleTrees, treePrefix, withoutHooks, worktree } from './worktree.ts';

const own = join(import.meta.dirname, '..', '..');

/** The packages that this program runs with, for the worktrees that it makes. */
const installedPackages = join(own, 'node_modules');

/** Makes sure that a tree is rendered with the packages that it names. Throws {@link OperationError} where others are installed. */
export async function requireSamePackages(directory: string): Promise<void> {
  const wanted = await readFile(join(directory, 'package-lock.json'), 'utf8').catch(() => null);
  if (wanted === null || wanted === (await readFile(join(own, 'package-lock.json'), 'utf8').catch(() => null))) return;
  throw new OperationError(
    'The newest main names other packages in package-lock.json than this clone, and those may render something else. Bring the clone up to date (git pull, npm ci), and run this again; in a workflow, run the job again.',
  );
}

/** How long one call of git or of a program may take, and what ends all of them. */
export interface Bounds {
  readonly callMs: number;
  readonly signal: AbortSignal;
}

/** A temporary worktree of a clone: its own HEAD, index and files, so that nothing that a person has open is touched. */
export interface Tree {
  readonly directory: string;
  /** Runs git in it and returns what it printed. Throws a ProgramError with git's words, also past the limit. */
  git(...args: readonly string[]): Promise<string>;
  /** As {@link Tree.git}, for a git that reads what it is asked, and with every byte of what it printed. */
  readonly gitBytes: ReadGit;
  /** Runs git, and leaves it to the caller what its ending means. */
  tryGit(...args: readonly string[]): Promise<Ran>;
}

/**
 * Makes a worktree of the clone at `directory`, lets `use` work in it and removes it, however that ends. What a killed run left
 * behind goes first. Throws {@link OperationError} where there is no room for one.
 */
export async function withTree<T>(directory: string, bounds: Bounds, use: (tree: Tree) => Promise<T>): Promise<T> {
  await removeStaleTrees(directory);
  const folder = await mkdtemp(join(tmpdir(), await treePrefix())).catch(noRoom);
  // The entry in the clone has the last name of its path: one that is like no other.
  const tree = join(folder, basename(folder));
  try {
    // Beside the tree and not in it: Node looks in the folders above as well, and the tree holds nothing but its commit.
    await symlink(installedPackages, join(folder, 'node_modules'), 'junction');
    // Empty for now.
    await requireCommit(directory);
    await worktree(directory, 'add', '--quiet', '--detach', '--no-checkout', tree, 'HEAD');
    return await use(openTree(tree, bounds, await filtersThatMustWork(directory)));
  } catch (error) {
    return noRoom(error);
  } finally {
    await removeTree(directory, folder, tree);
  }
}

/** Commands that run hooks of the user's. Of what the others do nothing is left: it is nobody's to judge. */
const hooked: ReadonlySet<string> = new Set(['commit', 'push']);

/** A worktree begins on a commit, whichever. Throws {@link OperationError} where the clone has none checked out. */
async function requireCommit(directory: string): Promise<void> {
  await git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch((cause: unknown) => {
    if (!(cause instanceof ProgramError)) throw cause;
    throw new OperationError(
      `${directory} has no commit checked out. Check one out, any that is there: git fetch, and git switch main.`,
      { cause },
    );
  });
}

/**
 * The settings that end a checkout where a filter fails, such as that of git-crypt without its key. Without them the file comes as git has it,
 * and what needs it says so.
 */
async function filtersThatMustWork(directory: string): Promise<readonly string[]> {
  const listed = await git(directory, 'config', '-z', '--name-only', '--get-regexp', '^filter\\..*\\.required$').catch(
    (error: unknown) => {
      if (error instanceof ProgramError) return '';
      throw error;
    },
  );
  return listed.split('\0').filter((name) => name !== '' && !name.includes('='));
}

function openTree(directory: string, { callMs, signal }: Bounds, filters: readonly string[]): Tree {
  const configuration = [
    // Upkeep would go on in the background after we have ended.
    'gc.auto=0',
    'maintenance.auto=false',
    // So would git's own watcher of files, and another one has no use for a tree that is gone in a moment.
    'core.fsmonitor=false',
    // A file that Git LFS can't fetch must not hold up a checkout: what a release touches is never in there.
    'filter.lfs.smudge=',
    'filter.lfs.clean=',
    'filter.lfs.process=',
    ...filters.map((name) => `${name}=false`),
    // A worktree takes over what a sparse clone leaves out, and what is left out can't be staged.
    'core.sparseCheckout=false',
    'index.sparse=false',
  ].flatMap((setting) => ['-c', setting]);
  // The words are read by us: they must be English.
  const environment = { ...userEnvironment(process.env), LC_ALL: 'C.UTF-8', LANGUAGE: '' };
  const call = { directory, environment, limitMs: callMs, signal };
  /** Throws where a hook of the user's ended it: another try would meet the hook again. */
  const run = async (input: string | Buffer, args: readonly string[]): Promise<Ran> => {
    const [command = ''] = args;
    const called = { ...call, name: `git ${command}`, input };
    if (!hooked.has(command)) return runProgram(called, 'git', ...configuration, ...withoutHooks, ...args);
    const trace = `${directory}.trace`;
    const traced = { ...environment, GIT_TRACE2_EVENT: trace, GIT_TRACE2_PARENT_SID: undefined };
    const ran = await runProgram({ ...called, environment: traced }, 'git', ...configuration, ...args);
    const hook = ran.exitCode === 0 ? null : failedHook(await readFile(trace, 'utf8').catch(() => ''));
    await rm(trace, { force: true });
    if (hook !== null) throw new OperationError(hookWords(hook, command, ran.stderr || ran.stdout));
    return ran;
  };
  const must = (ran: Ran, args: readonly string[]): Ran => {
    if (ran.exitCode === 0) return ran;
    throw gitError(args, directory, ran.stderr.trim() || ran.stdout.trim() || 'it said nothing');
  };
  return {
    directory,
    git: async (...args) => must(await run('', args), args).stdout.trimEnd(),
    gitBytes: async (input, ...args) => must(await run(input, args), args).bytes,
    tryGit: (...args) => run('', args),
  };
}

async function removeTree(directory: string, folder: string, tree: string): Promise<void> {
  // Where git can't, the folder goes all the same, and the next run finds the entry.
  await worktree(directory, 'remove', '--force', tree).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Gives a sentence to what the disk has against a temporary file, and passes on everything else. */
function noRoom(error: unknown): never {
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  throw new OperationError(
    `The temporary worktree can't be made in ${tmpdir()} (${error.message}), and your clone is as it was. Make room there, or name another folder with TMPDIR.`,
    { cause: error },
  );
}
