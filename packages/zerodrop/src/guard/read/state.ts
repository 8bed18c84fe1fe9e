import type { ManifestObject } from '../model/object.ts';
import { foldersOf } from '../model/world.ts';
import type { ManifestFile, Reader } from './file.ts';
import type { Files } from './files.ts';
import { matchesGlob } from './glob.ts';

/** A folder that an Application applies, and how it reads it. */
export interface Source {
  readonly path: string;
  readonly recurse: boolean;
  readonly include: string | undefined;
  readonly exclude: string | undefined;
  /** The namespace of objects that name none; null where the Application names none either. */
  readonly namespace: string | null;
}

/** All files at one time. Each is read at most once, and only when it is asked for. */
export class State {
  readonly files: Files;
  /** The Applications and AppProjects of all files. */
  readonly argo: readonly ManifestObject[];
  readonly sources: readonly Source[];
  readonly #reader: Reader;
  readonly #read = new Map<string, ManifestFile>();

  constructor(files: Files, reader: Reader) {
    this.files = files;
    this.#reader = reader;
    this.argo = [...files]
      .filter(([, content]) => typeof content === 'string' && content.includes('argoproj.io/'))
      .flatMap(([path]) => this.read(path)?.objects ?? [])
      .filter((object) => object.is('argoproj.io/Application', 'argoproj.io/AppProject'));
    this.sources = this.argo.flatMap(sourcesOf);
  }

  read(path: string): ManifestFile | null {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const content = this.files.get(path);
    if (content === undefined) return null;
    const file = this.#reader.read(path, content);
    this.#read.set(path, file);
    return file;
  }

  /** True where a word stands in the text of a file. */
  mentions(path: string, word: string): boolean {
    const content = this.files.get(path);
    return typeof content === 'string' && content.includes(word);
  }

  /** True where a file of a folder is read: its Application may include some only, or exclude some. */
  reads(folder: string, path: string): boolean {
    const source = this.sources.find((candidate) => candidate.path === folder);
    if (source === undefined) return true;
    const relative = folder === '.' ? path : path.slice(folder.length + 1);
    if (source.exclude !== undefined && matchesGlob(source.exclude, relative)) return false;
    return source.include === undefined || matchesGlob(source.include, relative);
  }
}

function sourcesOf(object: ManifestObject): readonly Source[] {
  const application = object.as('argoproj.io/Application');
  if (application === null) return [];
  const directory = application.at('spec', 'source', 'directory');
  return foldersOf(application).map((path) => ({
    path,
    recurse: directory.at('recurse').value === true,
    include: directory.at('include').text || undefined,
    exclude: directory.at('exclude').text || undefined,
    namespace: application.at('spec', 'destination', 'namespace').text ?? null,
  }));
}
