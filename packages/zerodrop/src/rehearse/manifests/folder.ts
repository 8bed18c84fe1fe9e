import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isManifest, type Manifest } from './object.ts';

/** A file as it stands in the commit. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One document of a file, whatever it holds. */
export interface SourceDocument {
  /** Where it stands, for messages: the path, and its number where the file has several. */
  readonly source: string;
  readonly value: unknown;
}

/** Whether Argo CD would read a file of a folder as manifests. */
export function isManifestFile(name: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(path.extname(name));
}

/** The documents of a file, without the empty ones. Throws where it is not YAML, with the line and the reason. */
export function parseDocuments(file: SourceFile): SourceDocument[] {
  // 1.1 is what Kubernetes reads: there, a bare `yes` is a truth value.
  const documents = parseAllDocuments(file.text, { version: '1.1', prettyErrors: true });
  const parsed = Array.isArray(documents) ? documents : [];
  return parsed
    .map((document, index) => {
      const broken = document.errors[0];
      if (broken !== undefined) {
        throw new Error(`${file.path} is not YAML: ${broken.message.split('\n')[0]}`, { cause: broken });
      }
      const source = parsed.length > 1 ? `${file.path}, document ${index + 1}` : file.path;
      return { source, value: document.toJS() as unknown };
    })
    .filter(({ value }) => value !== null && value !== undefined);
}

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
