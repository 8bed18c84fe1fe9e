import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { worktree } from './worktree.ts';

/** The names of our temporary folders begin so, and go on with the id of the process that made them. */
export const treePrefix = 'zerodrop-publish-';

/** Removes the worktrees of this clone that belong to a publishing that was killed: their process is gone. */
export async function removeStaleTrees(directory: string): Promise<void> {
  const listed = await worktree(directory, 'list', '--porcelain');
  for (const tree of staleTrees(listed, isAlive)) {
    // Another run may be removing the same one: what counts is that it is gone.
    await worktree(directory, 'remove', '--force', tree).catch(() => undefined);
    await rm(dirname(tree), { recursive: true, force: true });
  }
}

/** Which of the worktrees that git lists are ours, and left behind. */
export function staleTrees(listed: string, alive: (processId: number) => boolean): readonly string[] {
  const paths = [...listed.matchAll(/^worktree (.+)$/gm)].map(([, path = '']) => path);
  return paths.filter((path) => {
    const processId = new RegExp(`^${treePrefix}(\\d+)-`).exec(basename(path))?.[1];
    return processId !== undefined && !alive(Number(processId));
  });
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
