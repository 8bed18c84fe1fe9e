import { posix } from 'node:path';
import { ManifestObject } from '../model/object.ts';
import { isRecord } from '../record.ts';
import type { Unreadable } from './files.ts';
import type { Keys } from './location.ts';
import { type Content, readPiece } from './piece.ts';
import { type Piece, split } from './split.ts';

/** What makes a file, or a document of it, something else than its author thinks. */
export interface Flaw {
  readonly kind: 'broken' | 'no object' | 'another tool' | 'hidden' | 'list';
  /** From 1. */
  readonly line: number;
  /** What is wrong; follows the name of the file and its line. */
  readonly says: string;
}

/** One file of manifests. */
export interface ManifestFile {
  readonly path: string;
  readonly content: string | Unreadable;
  readonly objects: readonly ManifestObject[];
  readonly flaws: readonly Flaw[];
}

/** Reads files; a text that stands in several files, or before and after, is parsed once. */
export class Reader {
  readonly #contents = new Map<string, Content>();

  /** Reads one file as Argo CD does (argo-cd/reposerver/repository/repository.go). */
  read(path: string, content: string | Unreadable): ManifestFile {
    const empty = { path, content, objects: [], flaws: [] };
    if (typeof content !== 'string') {
      return { ...empty, flaws: [{ kind: isElsewhere(content) ? 'hidden' : 'broken', line: 1, says: content.why }] };
    }
    const instead = insteadOfManifests(path);
    if (instead !== null) return { ...empty, flaws: [instead] };
    // Argo CD does not read a file that has this comment of its own.
    if (content.includes('+argocd:skip-file-rendering')) return empty;
    const json = path.endsWith('.json') ? jsonFlaw(content) : null;
    if (json !== null) return { ...empty, flaws: [json] };
    const { pieces, error } = split(content);
    if (error !== null) return { ...empty, flaws: [{ kind: 'broken', ...error }] };
    const read = pieces.map((piece) => this.#readPiece(path, piece));
    const broken = read.flatMap(({ flaws }) => flaws).find(({ kind }) => kind === 'broken');
    if (broken !== undefined) return { ...empty, flaws: [broken] };
    return {
      path,
      content,
      objects: read.flatMap(({ objects }) => objects),
      flaws: read.flatMap(({ flaws }) => flaws),
    };
  }

  #readPiece(path: string, piece: Piece): Pick<ManifestFile, 'objects' | 'flaws'> {
    let content = this.#contents.get(piece.text);
    if (content === undefined) {
      content = readPiece(piece.text);
      this.#contents.set(piece.text, content);
    }
    if (content.error !== null) {
      const { line, says, kind } = content.error;
      return { objects: [], flaws: [{ kind, line: piece.line + line - 1, says }] };
    }
    return objectsOf(path, piece, content.value, []);
  }
}

/** Argo CD follows a link, and a submodule is another repository: what is behind them is not in this change. */
export function isElsewhere(content: string | Unreadable): boolean {
  return typeof content !== 'string' && /^is a (?:symbolic link|submodule)/.test(content.why);
}

/** The reader of such a file knows no comment and no second document. */
function jsonFlaw(text: string): Flaw | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return { kind: 'broken', line: 1, says: `is not JSON (${error instanceof Error ? error.message : 'unreadable'})` };
  }
}

/** By such a file Argo CD reads its folder in another way (argo-cd/util/app/discovery/discovery.go). */
export function insteadOfManifests(path: string): Flaw | null {
  const name = posix.basename(path);
  if (/^(?:kustomization\.ya?ml|Kustomization)$/.test(name)) {
    return { kind: 'another tool', line: 1, says: 'hands the folder to Kustomize' };
  }
  if (name.endsWith('Chart.yaml')) return { kind: 'another tool', line: 1, says: 'hands the folder to Helm' };
  if (/^\.argocd-source.*\.yaml$/.test(name)) {
    return { kind: 'another tool', line: 1, says: 'overrides what the Application says about how to read the folder' };
  }
  if (name.endsWith('.jsonnet')) return { kind: 'hidden', line: 1, says: 'is a program in Jsonnet' };
  return null;
}

/** Of an object with `items` Argo CD applies the items and not itself, whatever its kind is. */
function isList(content: Readonly<Record<string, unknown>>): boolean {
  if (content['items'] === null) return !('spec' in content || 'status' in content);
  return Array.isArray(content['items']);
}

function objectsOf(path: string, piece: Piece, content: unknown, keys: Keys): Pick<ManifestFile, 'objects' | 'flaws'> {
  const nothing = { objects: [], flaws: [] };
  // An empty document is nothing and stands for nothing.
  if (content === null || content === undefined) return nothing;
  const flaw = (kind: Flaw['kind'], says: string, at: Keys = keys): Flaw => ({
    kind,
    line: ManifestObject.lineIn(piece, at),
    says,
  });
  if (!isRecord(content)) return { ...nothing, flaws: [flaw('no object', 'begins a document that is no object')] };
  const { apiVersion, kind } = content;
  if (typeof kind !== 'string' || kind === '')
    return { ...nothing, flaws: [flaw('no object', 'begins a document without kind')] };
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    return { ...nothing, flaws: [flaw('no object', `begins a ${kind} without apiVersion`)] };
  }
  if (isList(content) && keys.length < 10) {
    const items: readonly unknown[] = Array.isArray(content['items']) ? content['items'] : [];
    const read = items.map((item, index) => objectsOf(path, piece, item, [...keys, 'items', index]));
    return {
      objects: read.flatMap(({ objects }) => objects),
      flaws: [flaw('list', `begins the items of a ${kind}`, [...keys, 'items']), ...read.flatMap(({ flaws }) => flaws)],
    };
  }
  const metadata = content['metadata'];
  const { name, namespace, generateName } = isRecord(metadata) ? metadata : {};
  if (typeof name !== 'string' || name === '') {
    if (typeof generateName === 'string') return nothing;
    return { ...nothing, flaws: [flaw('no object', `begins a ${kind} without metadata.name`)] };
  }
  const found = {
    path,
    piece,
    keys,
    apiVersion,
    kind,
    name,
    namespace: typeof namespace === 'string' ? namespace : null,
  };
  return { ...nothing, objects: [new ManifestObject(found, content)] };
}
