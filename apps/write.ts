import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const folders = ['manifests', 'argocd'];

/** What a rendering changed in the working copy. */
export interface Written {
  readonly files: number;
  /** Paths that are new, differ or are gone, in order. */
  readonly changed: readonly string[];
}

async function readFolder(directory: string, folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(join(directory, folder), { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(join(directory, '/').length), await readFile(path, 'utf8'));
  }
  return files;
}

/** Writes rendered files into a working copy. The folders are emptied first, so that what is gone is gone. */
export async function writeRendered(directory: string, files: ReadonlyMap<string, string>): Promise<Written> {
  const before = new Map<string, string>();
  for (const folder of folders) {
    for (const [path, text] of await readFolder(directory, folder)) before.set(path, text);
    await rm(join(directory, folder), { recursive: true, force: true });
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const paths = [...new Set([...before.keys(), ...files.keys()])].toSorted();
  return { files: files.size, changed: paths.filter((path) => before.get(path) !== files.get(path)) };
}
