import { posix } from 'node:path';
import { folderOf } from '../model/folder.ts';
import { isRecord, type ManifestObject } from '../model/object.ts';
import { handsOver, type ManifestFile, type Reader } from './file.ts';
import type { Content, Files } from './files.ts';
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
    return source === undefined || isPicked(source, folder, path);
  }
}

/** True where what an Application includes and excludes lets it read a file of its folder. */
export function isPicked(
  { include, exclude }: Partial<Pick<Source, 'include' | 'exclude'>>,
  folder: string,
  path: string,
): boolean {
  const relative = folder === '.' ? path : path.slice(folder.length + 1);
  if (exclude !== undefined && matchesGlob(exclude, relative)) return false;
  return include === undefined || matchesGlob(include, relative);
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

/**
 * True where a glob of Argo CD's directory options takes a path, as gobwas/glob 1.0 does without separators: `*` stands for any
 * text, `?` for one character, `[abc]`, `[a-c]` and `[!a]` for one of several, `{a,b}` for one of several texts, and `\\` takes the
 * next character as it is. One that can't be read takes nothing.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const pattern = patternOf(glob);
  return pattern !== null && new RegExp(`^${pattern}$`, 'su').test(path);
}

/** A class of characters: a range, or some that are listed. */
const characterClass = /\[(?<not>!?)(?:(?<low>.)-(?<high>.)|(?!.-)(?<listed>(?:\\.|[^\]\\])+))\]/suy;

function patternOf(glob: string): string | null {
  let pattern = '';
  let braces = 0;
  for (let at = 0; at < glob.length;) {
    const character = String.fromCodePoint(glob.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '*') pattern += pattern.endsWith('.*') ? '' : '.*';
    else if (character === '?') pattern += '.';
    else if (character === '[') {
      characterClass.lastIndex = at - 1;
      const found = characterClass.exec(glob)?.groups;
      const set = found === undefined ? null : setOf(found);
      if (set === null) return null;
      pattern += set;
      at = characterClass.lastIndex;
    } else if (character === '\\') {
      const next = glob.codePointAt(at);
      if (next === undefined) return null;
      pattern += literal(String.fromCodePoint(next));
      at += String.fromCodePoint(next).length;
    } else if (character === '{') {
      pattern += '(?:';
      braces += 1;
    } else if (character === '}' && braces > 0) {
      pattern += ')';
      braces -= 1;
    } else pattern += character === ',' && braces > 0 ? '|' : literal(character);
  }
  return braces === 0 ? pattern : null;
}

function setOf({ not, low, high, listed = '' }: Readonly<Record<string, string | undefined>>): string | null {
  const begin = not === '!' ? '[^' : '[';
  if (low !== undefined && high !== undefined) return low > high ? null : `${begin}${literal(low)}-${literal(high)}]`;
  return `${begin}${[...listed.replaceAll(/\\(.)/gsu, '$1')].map(literal).join('')}]`;
}

function literal(character: string): string {
  return /[\^$.*+?()[\]{}|/\\-]/.test(character) ? `\\${character === '-' ? 'x2d' : character}` : character;
}
