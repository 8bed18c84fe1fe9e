import type { Content, Files } from '../../git/files.ts';
import { isRecord } from '../../settings/value.ts';
import { type Keys, offsetOf } from './offset.ts';
import { faultOf, readYaml, type YamlDocument, type YamlFault } from './yaml.ts';

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
  /** From 1; null where it is the file as a whole. */
  readonly line: number | null;
  /** What is wrong, to be followed by why that matters. */
  readonly says: string;
}

/** One file of manifests. */
export interface ManifestFile {
  readonly content: Content;
  /** Whether what it holds is known. Where it is not, nobody can say that an object is gone. */
  readonly isRead: boolean;
  readonly objects: readonly ManifestObject[];
  readonly flaws: readonly Flaw[];
}

/** Manifests by the path of their file, relative to the repository. */
export type Manifests = ReadonlyMap<string, ManifestFile>;

/** Reads the manifests among files: what Argo CD would read under manifests/ and argocd/. Never throws: what can't be read is a flaw. */
export function parseManifests(files: Files): Manifests {
  const manifests = [...files].filter(([path, content]) => isManifest(path, content));
  return new Map(manifests.map(([path, content]) => [path, parseFile(path, content)]));
}

function isManifest(path: string, content: Content): boolean {
  if (/^(?:manifests|argocd)\/.*\.(?:ya?ml|json|jsonnet)$/s.test(path) || toolOf(path) !== null) return true;
  // A link or a submodule may hold any number of files, and takes the place of the folder itself as well.
  return isElsewhere(content) && /^(?:manifests|argocd)(?:\/|$)/.test(path);
}

function isElsewhere(content: Content): boolean {
  return typeof content !== 'string' && /^is a (?:symbolic link|submodule)/.test(content.why);
}

/** By such a file Argo CD takes a folder for another tool's (argo-cd/util/app/discovery/discovery.go). */
function toolOf(path: string): string | null {
  if (/^(?:manifests|argocd)\/(?:.*\/)?(?:kustomization\.ya?ml|Kustomization)$/s.test(path)) return 'Kustomize';
  return /^(?:manifests|argocd)\/.*Chart\.yaml$/s.test(path) ? 'Helm' : null;
}

function parseFile(path: string, content: Content): ManifestFile {
  const flawed = (kind: Flaw['kind'], line: number | null, says: string): ManifestFile => {
    return { content, isRead: false, objects: [], flaws: [{ kind, line, says }] };
  };
  const tool = toolOf(path);
  if (tool !== null) return flawed('another tool', null, `is for ${tool}`);
  if (typeof content !== 'string')
    return flawed(isElsewhere(content) ? 'hidden objects' : 'no YAML', null, content.why);
  // Argo CD runs such a program in a folder of plain manifests, too (argo-cd/reposerver/repository/repository.go).
  if (path.endsWith('.jsonnet')) return flawed('hidden objects', null, 'is a program in Jsonnet');
  // A comment of Argo CD's own (argo-cd/reposerver/repository/repository.go): such a file is not read.
  if (content.includes('+argocd:skip-file-rendering')) return { content, isRead: true, objects: [], flaws: [] };
  const json = path.endsWith('.json') ? jsonFault(content) : null;
  if (json !== null) return flawed('no YAML', null, json);
  const found = readYaml(content);
  const fault = faultOf(found);
  if (fault !== undefined) return flawed('no YAML', fault.line, fault.says);
  const read = found.map((document) => ('says' in document ? hidden(document) : readDocument(path, document)));
  return {
    content,
    isRead: true,
    objects: read.flatMap((one) => (one !== null && 'name' in one ? [one] : [])),
    flaws: read.flatMap((one) => (one !== null && 'says' in one ? [one] : [])),
  };
}

/** Such a file is read by a reader of JSON, which knows no comment and no second document. */
function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (cause) {
    return `is no JSON (${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'why is unknown'})`;
  }
}

function hidden({ line, says }: YamlFault): Flaw {
  return { kind: 'no object', line, says };
}

/** Of such an object Argo CD applies the items and not itself, whatever its kind is (argo-cd/reposerver/repository/repository.go). */
function isList(content: Readonly<Record<string, unknown>>): boolean {
  if (content['items'] === null) return !('spec' in content || 'status' in content);
  return Array.isArray(content['items']);
}

/** Null for an empty document, which is nothing and stands for nothing. */
function readDocument(path: string, { contents, content, lineAt }: YamlDocument): ManifestObject | Flaw | null {
  if (content === null || content === undefined) return null;
  const line = (at: Keys): number => lineAt(offsetOf(contents, at));
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
