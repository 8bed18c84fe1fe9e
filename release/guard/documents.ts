import { parseAllDocuments } from 'yaml';
import { isRecord } from '../../settings/value.ts';
import { CannotRelease } from '../cannot-release.ts';

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
}

/** Kubernetes objects by the path of their file, relative to the repository. */
export type Manifests = ReadonlyMap<string, readonly ManifestObject[]>;

/** Reads manifests. Throws {@link CannotRelease} with the path and the parser's words for what is not YAML. */
export function parseManifests(files: ReadonlyMap<string, string>): Manifests {
  const manifests = new Map<string, readonly ManifestObject[]>();
  for (const [path, text] of files) {
    if (/\.(?:ya?ml|json)$/.test(path)) manifests.set(path, parseFile(path, text));
  }
  return manifests;
}

function parseFile(path: string, text: string): readonly ManifestObject[] {
  // Kubernetes reads YAML 1.1, where an unquoted `yes` or `0777` is not what 1.2 takes it for.
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const words = error.message.split(':\n')[0];
      throw new CannotRelease(`${path} is not YAML (${words}). Render it anew with npm run synth, and commit it.`, {
        cause: error,
      });
    }
    return manifestObject(path, document.toJS()) ?? [];
  });
}

/** Null for a document without kind or name: Argo CD skips it, and so what it stood for counts as gone. */
function manifestObject(path: string, document: unknown): ManifestObject | null {
  if (!isRecord(document) || !isRecord(document['metadata'])) return null;
  const { apiVersion, kind } = document;
  const { name, namespace } = document['metadata'];
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return null;
  return { path, apiVersion, kind, namespace: typeof namespace === 'string' ? namespace : null, name, document };
}
