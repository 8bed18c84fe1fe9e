import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a rendering changed in the working copy. */
export interface Written {
  readonly files: number;
  /** Paths that are new, differ or are gone, in order. */
  readonly changed: readonly string[];
}

async function readFolder(directory: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(join(directory, folder), { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      // A file in place of the folder is removed like one.
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
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
export async function writeRendered(
  directory: string,
  files: ReadonlyMap<string, string>,
  folders: readonly string[] = ['manifests', 'argocd'],
): Promise<Written> {
  const before = new Map<string, string>();
  for (const folder of folders) {
    for (const [path, text] of await readFolder(directory, folder)) before.set(path, text);
    await rm(join(directory, folder), { recursive: true, force: true });
  }
  for (const [path, text] of files) {
    const file = join(directory, path);
    const outside = before.has(path) ? null : await readFile(file, 'utf8').catch(() => null);
    if (outside !== null) before.set(path, outside);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const paths = [...new Set([...before.keys(), ...files.keys()])].toSorted();
  return { files: files.size, changed: paths.filter((path) => before.get(path) !== files.get(path)) };
}

/** As {@link writeRendered}, for what one environment runs and Argo CD's objects of it: the files of the others stay as they are. */
export function writeEnvironment(
  directory: string,
  files: ReadonlyMap<string, string>,
  environment: string,
): Promise<Written> {
  const folder = `manifests/${environment}`;
  const argo = new Set([`argocd/${environment}.yaml`, 'argocd/project.yaml']);
  const own = [...files].filter(([path]) => path.startsWith(`${folder}/`) || argo.has(path));
  return writeRendered(directory, new Map(own), [folder]);
}
