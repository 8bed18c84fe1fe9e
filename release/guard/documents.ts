import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { isRecord } from '../../settings/value.ts';
import { type Keys, offsetOf } from './offset.ts';

/** One Kubernetes object of a manifest. */
export interface ManifestObject {
  /** The file it stands in, relative to the repository. */
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Null where the manifest names none: a cluster-wide object, or the namespace that Argo CD fills in. */
  readonly namespace: string | null;
  readonly name: string;
  /** The whole document. */
  readonly document: unknown;
  /** The line of a field in the file, from 1; of what is nearest to it where the field is not there. */
  line(at: Keys): number;
}

/** A place in a file that Argo CD takes for something else than its author does. */
export interface Flaw {
  readonly kind: 'no YAML' | 'no object' | 'another tool' | 'hidden objects';
  /** From 1. */
  readonly line: number;
  /** What is wrong, to be followed by why that matters. */
  readonly says: string;
}

/** One file of manifests. */
export interface ManifestFile {
  readonly text: string;
  readonly objects: readonly ManifestObject[];
  readonly flaws: readonly Flaw[];
}

/** Manifests by the path of their file, relative to the repository. */
export type Manifests = ReadonlyMap<string, ManifestFile>;

/** Reads the manifests among files: what Argo CD would read under manifests/ and argocd/. */
export function parseManifests(files: ReadonlyMap<string, string>): Manifests {
  const manifests = [...files].filter(
    ([path]) => /^(?:manifests|argocd)\/.*\.(?:ya?ml|json|jsonnet)$/.test(path) || toolOf(path) !== null,
  );
  return new Map(manifests.map(([path, text]) => [path, parseFile(path, text)]));
}

/** By such a file Argo CD takes a folder for another tool's (argo-cd/util/app/discovery/discovery.go). */
function toolOf(path: string): string | null {
  if (/^(?:manifests|argocd)\/(?:.*\/)?(?:kustomization\.ya?ml|Kustomization)$/.test(path)) return 'Kustomize';
  return /^(?:manifests|argocd)\/.*Chart\.yaml$/.test(path) ? 'Helm' : null;
}

function parseFile(path: string, text: string): ManifestFile {
  const tool = toolOf(path);
  if (tool !== null) return { text, objects: [], flaws: [{ kind: 'another tool', line: 1, says: `is for ${tool}` }] };
  // Argo CD runs such a program in a folder of plain manifests, too (argo-cd/reposerver/repository/repository.go).
  if (path.endsWith('.jsonnet')) {
    return { text, objects: [], flaws: [{ kind: 'hidden objects', line: 1, says: 'is a program in Jsonnet' }] };
  }
  // A comment of Argo CD's own (argo-cd/reposerver/repository/repository.go): such a file is not read.
  if (text.includes('+argocd:skip-file-rendering')) return { text, objects: [], flaws: [] };
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number => Math.max(1, lineCounter.linePos(offset).line);
  // Kubernetes reads YAML 1.1, where an unquoted `yes` or `0777` is not what 1.2 takes it for.
  const documents = [...parseAllDocuments(text, { version: '1.1', lineCounter })];
  const errors = documents.flatMap((document) => document.errors);
  const [error] = errors;
  if (error !== undefined) {
    const says = `is no YAML (${error.message.split(':\n')[0] ?? error.code})`;
    return { text, objects: [], flaws: [{ kind: 'no YAML', line: lineAt(error.pos[0]), says }] };
  }
  const read = documents.map((document) => readDocument(path, document, lineAt));
  return {
    text,
    objects: read.flatMap((found) => (found !== null && 'name' in found ? [found] : [])),
    flaws: read.flatMap((found) => (found !== null && 'says' in found ? [found] : [])),
  };
}

/** Of such an object Argo CD applies the items and not itself, whatever its kind is (argo-cd/reposerver/repository/repository.go). */
function isList(content: Readonly<Record<string, unknown>>): boolean {
  if (content['items'] === null) return !('spec' in content || 'status' in content);
  return Array.isArray(content['items']);
}

/** Null for an empty document, which is nothing and stands for nothing. */
function readDocument(
  path: string,
  document: Document,
  lineAt: (offset: number) => number,
): ManifestObject | Flaw | null {
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return null;
  const line = (at: Keys): number => lineAt(offsetOf(document.contents, at));
  const flaw = (says: string): Flaw => ({ kind: 'no object', line: line([]), says });
  if (!isRecord(content)) return flaw('begins a document that is no object');
  const { apiVersion, kind } = content;
  const { name, namespace } = isRecord(content['metadata']) ? content['metadata'] : {};
  if (typeof kind !== 'string') return flaw('begins a document without kind');
  if (typeof apiVersion !== 'string') return flaw(`begins a ${kind} without apiVersion`);
  if (isList(content)) {
    return { kind: 'hidden objects', line: line(['items']), says: `begins the items of a ${kind}` };
  }
  if (typeof name !== 'string') return flaw(`begins a ${kind} without metadata.name`);
  return {
    path,
    apiVersion,
    kind,
    namespace: typeof namespace === 'string' ? namespace : null,
    name,
    document: content,
    line,
  };
}
