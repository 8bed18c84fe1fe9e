import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isManifestFile, parseDocuments } from '../embedded/sync/documents.ts';
import { isManifest, type Manifest } from '../embedded/sync/manifest.ts';

/** A file of manifests with its objects. */
export interface ManifestFile {
  readonly path: string;
  readonly objects: readonly Manifest[];
}

/** Reads the manifests in a folder, without its subfolders, as Argo CD does; none where there is no such folder. Throws where a file is not YAML. */
async function readFolder(folder: string): Promise<readonly ManifestFile[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .filter(isManifestFile)
      .toSorted()
      .map(async (name) => {
        const file = path.join(folder, name);
        const documents = parseDocuments({ path: file, text: await readFile(file, 'utf8') });
        return { path: file, objects: documents.map(({ value }) => value).filter(isManifest) };
      }),
  );
}

/** The objects of a folder. */
export async function readObjects(folder: string): Promise<readonly Manifest[]> {
  return (await readFolder(folder)).flatMap(({ objects }) => objects);
}

/** Changes the objects of a folder; null takes one away. Writes JSON, which is YAML too and has one meaning in each of its versions. */
export async function changeFolder(folder: string, change: (object: Manifest) => Manifest | null): Promise<void> {
  for (const file of await readFolder(folder)) {
    const objects = file.objects.map(change).filter((object) => object !== null);
    await writeFile(file.path, objects.map((object) => `${JSON.stringify(object, null, 2)}\n`).join('---\n'));
  }
}
