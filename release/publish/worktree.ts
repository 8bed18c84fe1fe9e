import { createHash } from 'node:crypto';
import { readFile, readlink, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { isRecord } from '../../settings/sentences.ts';

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

const prefix = 'zerodrop-publish-';

/** A command has minutes. What is older than a day was left behind, on whatever machine it was made. */
const longestMs = 24 * 60 * 60 * 1_000;

/** How the names of our temporary folders begin: with the machine and the process that made them. */
export async function treePrefix(): Promise<string> {
  return `${prefix}${await machine()}-${process.pid}-`;
}

/** Removes the worktrees of this clone that belong to a publishing that was killed. */
export async function removeStaleTrees(directory: string): Promise<void> {
  const paths = pathsOfOurs(await worktree(directory, 'list', '--porcelain'));
  if (paths.length === 0) return;
  const entries = resolve(directory, await git(directory, 'rev-parse', '--git-common-dir'), 'worktrees');
  const here = await machine();
  for (const path of paths) {
    const ageMs =
      Date.now() - (await stat(join(entries, basename(path))).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (!isStale(path, here, ageMs, isAlive)) continue;
    // Another run may be removing the same one: what counts is that it is gone.
    await worktree(directory, 'remove', '--force', path).catch(() => undefined);
    await rm(dirname(path), { recursive: true, force: true });
  }
}

/** Those of the worktrees that git lists that are ours. */
export function pathsOfOurs(listed: string): readonly string[] {
  const paths = [...listed.matchAll(/^worktree (.+)$/gm)].map(([, path = '']) => path);
  return paths.filter((path) => made.test(basename(path)));
}

/**
 * Whether a worktree of ours was left behind. The process that made it can be asked for on its own machine alone: in another
 * container that shares the clone its id means nothing, or another process.
 */
export function isStale(path: string, here: string, ageMs: number, alive: (processId: number) => boolean): boolean {
  const { at, processId } = made.exec(basename(path))?.groups ?? {};
  return at === here ? !alive(Number(processId)) : ageMs > longestMs;
}

const made = new RegExp(`^${prefix}(?:(?<at>[0-9a-f]{8})-)?(?<processId>\\d+)-`);

/** Where a process id means one process: this machine since it was started, and this container's processes. */
async function machine(): Promise<string> {
  const [boot, processes] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256').update([hostname(), boot, processes].join('\n')).digest('hex').slice(0, 8);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The hook that ended a git command, from git's own account of the command (GIT_TRACE2_EVENT); null for none. A hook at the other end
 * of a push is not ours: its words come as the remote's.
 */
export function failedHook(trace: string): string | null {
  const running = new Map<unknown, string>();
  let own: unknown;
  for (const line of trace.split('\n')) {
    const event = parsed(line);
    own ??= event['sid'];
    if (event['sid'] !== own) continue;
    const { event: kind, child_id: child, child_class: type, hook_name: hook, code } = event;
    // What a hook says that runs afterwards is not asked by git.
    if (kind === 'child_start' && type === 'hook' && typeof hook === 'string' && !hook.startsWith('post-')) {
      running.set(child, hook);
    }
    if (kind === 'child_exit' && code === 0) running.delete(child);
  }
  return [...running.values()].at(-1) ?? null;
}

/** What a person is told of a hook of theirs that ended a command of ours. */
export function hookWords(hook: string, command: string, said: string): string {
  const words = said.replaceAll(/^error: failed to push some refs to .*$\n?/gm, '').trim();
  return [
    `Your hook ${hook} ended git ${command}, and nothing is pushed:`,
    words === '' ? 'It said nothing.' : words,
    'It ran in a temporary worktree, which holds what is committed and no more. Fix what it complains about. To go on without hooks, once: GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null npm run release -- ...',
  ].join('\n');
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) ? event : {};
  } catch {
    // A line that was cut off by the end of the program.
    return {};
  }
}
