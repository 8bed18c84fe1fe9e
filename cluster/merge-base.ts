import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { snapshotPath } from './snapshot.ts';
import { stackNames } from './stacks/open-stack.ts';
import type { JsonObject, Stacks } from './terraform-json.ts';

const execute = promisify(execFile);

async function git(directory: string, ...args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await execute('git', ['-C', directory, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    // Git ran and said no: there is no such commit, branch or file.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return null;
    throw new Error('git can’t be run. Install it, or add it to PATH.', { cause: error });
  }
}

/** The commit where this branch left main, 40 hex digits; null where there is no main to compare with. */
export async function mergeBase(directory: string): Promise<string | null> {
  for (const main of ['origin/main', 'main']) {
    const base = await git(directory, 'merge-base', 'HEAD', main);
    if (base !== null && base.trim() !== '') return base.trim();
  }
  return null;
}

/** The snapshots as a commit has them; without the stacks that it does not know. */
export async function snapshotsAt(directory: string, commit: string): Promise<Stacks> {
  const found = new Map<string, JsonObject>();
  for (const stack of stackNames) {
    const text = await git(directory, 'show', `${commit}:./${snapshotPath(stack)}`);
    if (text === null) continue;
    const json: JsonObject = JSON.parse(text);
    found.set(stack, json);
  }
  return found;
}
