import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const prefix = 'zerodrop-rehearsal-';

/** Makes the temporary folder of one run. Its name carries our process id, so that a later run knows whose it was. */
export async function makeRunFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Removes the folder of a run. */
export async function removeFolder(folder: string): Promise<void> {
  // Retried: a process that was just ended may still be closing its log in there.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what runs left behind that were killed before they could clean up. */
export async function removeStaleFolders(): Promise<void> {
  const stale = staleFolders(await readdir(tmpdir()), isAlive).map((name) => path.join(tmpdir(), name));
  // One that is another user's can't be removed, and is theirs to remove.
  await Promise.allSettled(stale.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The names among these that belong to a run whose process is gone. */
export function staleFolders(names: readonly string[], alive: (processId: number) => boolean): string[] {
  return names.filter((name) => {
    const processId = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    return processId !== undefined && !alive(Number(processId));
  });
}

/** True for a process of this machine that runs. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and is another user's, and so is the folder.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
