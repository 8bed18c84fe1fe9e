import { posix } from 'node:path';
import type { ManifestObject } from '../model/object.ts';
import { folderOf } from '../model/world.ts';
import { isRecord } from '../record.ts';
import { handsOver, type ManifestFile, type Reader } from './file.ts';
import type { Content, Files } from './files.ts';
import { matchesGlob } from './glob.ts';
import { readPiece } from './piece.ts';

/** A folder that an Application applies, and how it reads it. */
export interface Source {
  readonly path: string;
  readonly recurse: boolean;
  readonly include: string | undefined;
  readonly exclude: string | undefined;
  /** Who reads it: what the Application says, or null where a file of the folder decides. */
  readonly reader: 'Argo CD' | 'another tool' | null;
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
    this.sources = this.argo.flatMap((object) => sourcesOf(object, files));
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

  /** True where Helm, Kustomize or a plugin makes the objects of a folder, and what stands in its files is their input. */
  isHandedOver(folder: string, paths: readonly string[]): boolean {
    const source = this.sources.find((candidate) => candidate.path === folder);
    if (source !== undefined && source.reader !== null) return source.reader === 'another tool';
    return paths.some((path) => posix.dirname(path) === folder && handsOver(path) && this.files.has(path));
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

function sourcesOf(object: ManifestObject, files: Files): readonly Source[] {
  const application = object.as('argoproj.io/Application');
  if (application === null) return [];
  const namespace = application.at('spec', 'destination', 'namespace').text ?? null;
  const written = [application.at('spec', 'source'), ...application.at('spec', 'sources').items()];
  return written.flatMap((source): readonly Source[] => {
    const path = folderOf(source);
    if (path === null) return [];
    const said = ['.argocd-source.yaml', `.argocd-source-${object.name}.yaml`].reduce(
      (value, name) => mergePatch(value, overrideIn(files.get(posix.join(path, name)))),
      source.value,
    );
    const part = (name: string): Readonly<Record<string, unknown>> => {
      const value = isRecord(said) ? said[name] : undefined;
      return isRecord(value) ? value : {};
    };
    const directory = part('directory');
    const text = (name: string): string | undefined => {
      const value = directory[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const isSaid = (name: string): boolean => Object.keys(part(name)).length > 0;
    const reader = ['helm', 'kustomize', 'plugin'].some(isSaid)
      ? 'another tool'
      : isSaid('directory')
        ? 'Argo CD'
        : null;
    const recurse = directory['recurse'] === true;
    return [{ path, recurse, include: text('include'), exclude: text('exclude'), reader, namespace }];
  });
}

/** What a file says by which a folder overrides its Application (argo-cd/reposerver/repository/repository.go, `mergeSourceParameters`). */
function overrideIn(content: Content | undefined): unknown {
  return typeof content === 'string' ? readPiece(content).value : {};
}

/** RFC 7396. */
function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return value;
  const merged: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) delete merged[key];
    else merged[key] = isRecord(part) ? mergePatch(merged[key], part) : part;
  }
  return merged;
}
