import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The tests write a few hundred megabytes, gone again within a test or a file of them. */
const neededBytes = 1024 ** 3;

const memory = '/dev/shm';
const prefix = 'zerodrop-test-';
const leftAfterMs = 60 * 60 * 1_000;

/**
 * Lets every temporary file of the tests be in memory, where the machine has room for them: thousands of small repositories come and
 * go, and on a disk that takes a third of the processor time of all tests. Changes nothing on other machines, or where TMPDIR is set.
 */
export default function keepTemporaryFilesInMemory(): (() => void) | undefined {
  if (process.env['TMPDIR'] !== undefined) return undefined;
  const folder = folderInMemory();
  if (folder === null) return undefined;
  process.env['TMPDIR'] = folder;
  return () => {
    delete process.env['TMPDIR'];
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A new folder in memory; null where there is none, or it has no room or runs no programs (a container's usually has 64 MB). */
function folderInMemory(): string | null {
  try {
    removeLeft();
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < neededBytes) return null;
    const folder = mkdtempSync(join(memory, prefix));
    if (runsPrograms(folder)) return folder;
    rmSync(folder, { recursive: true });
  } catch {
    // There is no such folder, or it is not for us to write.
  }
  return null;
}

function runsPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  try {
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(program);
  }
}

/** Removes what runs that were killed left behind: memory is not given back before. A run at work touches its folder all the time. */
function removeLeft(): void {
  for (const name of readdirSync(memory)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(memory, name);
    if (Date.now() - statSync(folder).mtimeMs > leftAfterMs) rmSync(folder, { recursive: true, force: true });
  }
}
