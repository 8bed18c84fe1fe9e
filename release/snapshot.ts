import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Remembers files byte for byte, and that others are not there. Returns what puts them back so. */
export async function takeSnapshot(directory: string, paths: readonly string[]): Promise<() => Promise<void>> {
  const files = paths.map((path) => join(directory, path));
  const taken = await Promise.all(
    files.map(async (file) => [file, await readFile(file).catch(nullIfMissing)] as const),
  );
  return async () => {
    for (const [file, bytes] of taken) {
      if (bytes === null) {
        await rm(file, { force: true });
      } else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
    }
  };
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
