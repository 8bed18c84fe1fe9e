import { posix } from 'node:path';
import type { Profile } from '../finding.ts';
import { isRecord, ManifestObject } from '../model/object.ts';
import { isHook } from '../model/sync.ts';
import type { Unreadable } from './files.ts';
import type { Keys } from './location.ts';
import { type Content, readPiece } from './piece.ts';
import { type Piece, split } from './split.ts';

/**
 * What makes a file, or a document of it, something else than its author thinks:
 * - `broken`: nobody can read the file.
 * - `misread`: it is read, in another way than it seems.
 * - `no kind`: a document is no object, for which Argo CD refuses the file.
 * - `no name`: an object is read, and can't be applied.
 * - `cut off`: a document is not read at all.
 * - `generated name`: an object is read, and only a hook of this kind can be applied.
 */
export interface Flaw {
  readonly kind:
    | 'broken'
    | 'misread'
    | 'no kind'
    | 'no name'
    | 'cut off'
    | 'generated name'
    | 'another tool'
    | 'hidden'
    | 'list';
  /** From 1. */
  readonly line: number;
  /** What is wrong; follows the name of the file and its line. */
  readonly says: string;
  /** True where Argo CD takes the whole file for no manifest, and skips it without a word. */
  readonly isSkipped?: boolean;
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
    const json = path.endsWith('.json') ? jsonFlaw(content.replace(/^\uFEFF/, '')) : null;
    if (json !== null) return { ...empty, flaws: [json] };
    const { pieces, error } = split(content);
    if (error !== null) return { ...empty, flaws: [{ kind: 'broken', ...error, isSkipped: !hasWords(content) }] };
    const read = pieces.map((piece) => this.#readPiece(path, piece));
    const broken = read.findIndex(({ flaws }) => flaws.some(isRefused));
    if (broken !== -1) {
      const isBegun = read.slice(0, broken).some(({ objects }) => objects.length > 0);
      const isSkipped = !path.endsWith('.json') && !isBegun && !hasWords(content);
      const flaws = (read[broken]?.flaws ?? []).filter(isRefused).slice(0, 1);
      return { ...empty, flaws: flaws.map((flaw) => ({ ...flaw, isSkipped })) };
    }
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
    const flaws = content.flaw === null ? [] : [{ ...content.flaw, line: piece.line + content.flaw.line - 1 }];
    if (flaws.some(isRefused)) return { objects: [], flaws };
    const found = objectsOf(path, piece, content.value);
    return { objects: found.objects, flaws: [...flaws, ...found.flaws] };
  }
}

/** With these words a file that can't be read is a manifest to Argo CD (`getObjsFromYAMLOrJSON`). */
function hasWords(text: string): boolean {
  return ['apiVersion:', 'kind:', 'metadata:'].every((word) => text.includes(word));
}

/** True where Argo CD reads nothing of the file, and as a rule nothing of its folder. */
function isRefused({ kind }: Flaw): boolean {
  return kind === 'broken' || kind === 'no kind';
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

/** True for a file by which a folder overrides its Application. */
export function isOverride(path: string): boolean {
  return /^\.argocd-source.*\.yaml$/.test(posix.basename(path));
}

/** True for a file that makes its directory the input of Helm or Kustomize, for Argo CD without being told. */
export function handsOver(path: string): boolean {
  return /(?:Chart\.yaml|(?:^|\/)(?:kustomization\.ya?ml|Kustomization))$/.test(path);
}

/** By such a file Argo CD reads its folder in another way (argo-cd/util/app/discovery/discovery.go). */
export function insteadOfManifests(path: string): Flaw | null {
  const name = posix.basename(path);
  if (handsOver(path)) {
    const tool = name.endsWith('Chart.yaml') ? 'Helm' : 'Kustomize';
    return { kind: 'another tool', line: 1, says: `hands the folder to ${tool}` };
  }
  if (isOverride(path)) {
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

function objectsOf(path: string, piece: Piece, content: unknown): Pick<ManifestFile, 'objects' | 'flaws'> {
  const nothing = { objects: [], flaws: [] };
  // An empty document is nothing and stands for nothing.
  if (content === null || content === undefined) return nothing;
  const refuse = (says: string, keys: Keys): Pick<ManifestFile, 'objects' | 'flaws'> => ({
    objects: [],
    flaws: [{ kind: 'no kind', line: ManifestObject.lineIn(piece, keys), says }],
  });
  if (!isRecord(content)) return refuse('begins a document that is no object', []);
  const { kind } = content;
  if (typeof kind !== 'string' || kind === '') return refuse('begins a document without kind', []);
  if (!isList(content)) return objectOf(path, piece, content, []);
  // Argo CD takes the items of a list apart once: a list within a list is an object to it, which no API has.
  const items: readonly unknown[] = Array.isArray(content['items']) ? content['items'] : [];
  const none = items.findIndex((item) => !isRecord(item));
  if (none !== -1) return refuse(`begins an item of a ${kind} that is no object`, ['items', none]);
  const read = items.map((item, index) => objectOf(path, piece, item, ['items', index]));
  const line = ManifestObject.lineIn(piece, ['items']);
  return {
    objects: read.flatMap(({ objects }) => objects),
    flaws: [{ kind: 'list', line, says: `begins the items of a ${kind}` }, ...read.flatMap(({ flaws }) => flaws)],
  };
}

function objectOf(path: string, piece: Piece, content: unknown, keys: Keys): Pick<ManifestFile, 'objects' | 'flaws'> {
  const flaw = (kind: Flaw['kind'], says: string): Flaw => ({ kind, line: ManifestObject.lineIn(piece, keys), says });
  const { apiVersion, kind, metadata } = isRecord(content) ? content : {};
  if (typeof kind !== 'string' || kind === '') {
    return { objects: [], flaws: [flaw('no name', 'begins an item without kind')] };
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    return { objects: [], flaws: [flaw('no name', `begins a ${kind} without apiVersion`)] };
  }
  const { name, namespace, generateName } = isRecord(metadata) ? metadata : {};
  const known = [name, generateName].find((text): text is string => typeof text === 'string' && text !== '');
  if (known === undefined) return { objects: [], flaws: [flaw('no name', `begins a ${kind} without metadata.name`)] };
  const found = {
    path,
    piece,
    keys,
    apiVersion,
    kind,
    name: known,
    namespace: typeof namespace === 'string' ? namespace : null,
  };
  const object = new ManifestObject(found, content);
  const isOdd = known !== name && !isHook(object);
  return {
    objects: [object],
    flaws: isOdd ? [flaw('generated name', `begins a ${kind} with generateName and without name, and is no hook`)] : [],
  };
}

/** What decides whether a flaw of a file matters. */
interface Surroundings {
  readonly profile: Profile;
  /** An Application applies the folder. */
  readonly isClaimed: boolean;
  /** The same file on the other side. */
  readonly other: ManifestFile | null;
}

/** Flaws that leave nobody to say what the file holds. */
const hiding: ReadonlySet<Flaw['kind']> = new Set(['broken', 'no kind', 'no name', 'cut off', 'hidden']);

/**
 * True where the objects of a file are unknown. What is read in another way than it seems is known; but where that is new, it is
 * what is wrong, and not the objects.
 */
export function hidesObjects({ kind, says }: Flaw, before: ManifestFile | null): boolean {
  return hiding.has(kind) || (kind === 'misread' && !(before?.flaws ?? []).some((flaw) => flaw.says === says));
}

/** The flaws of a file that are worth a finding. A repository holds much YAML that is no manifest. */
export function flawsThatCount(file: ManifestFile, { profile, isClaimed, other }: Surroundings): readonly Flaw[] {
  const isManifest =
    profile === 'lossless' || file.objects.length > 0 || (other?.objects.length ?? 0) > 0 || readsLike(file, isClaimed);
  return file.flaws.filter((flaw) => {
    switch (flaw.kind) {
      case 'broken':
      case 'misread':
      case 'no kind':
      case 'no name':
      case 'cut off':
        return isManifest;
      case 'another tool':
      case 'generated name':
        return profile === 'lossless' || isClaimed;
      case 'hidden':
        return profile === 'lossless' || isClaimed || (other?.objects.length ?? 0) > 0;
      case 'list':
        return profile === 'lossless';
    }
  });
}

/** A file of JSON, or one that is no text, has no words to tell it by; Argo CD can't read it. */
function readsLike({ path, content }: ManifestFile, isClaimed: boolean): boolean {
  if (typeof content !== 'string' || path.endsWith('.json')) return isClaimed;
  return ['apiVersion', 'kind', 'metadata'].every((word) => new RegExp(`${word}["']?:`).test(content));
}
