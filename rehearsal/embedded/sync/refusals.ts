import type { SourceDocument } from './documents.ts';
import { isNamespaced } from './kinds.ts';
import { identity, isFields, isManifest, type Manifest, nameOf } from './manifest.ts';

/** Says what is wrong with an object's fields, a sentence each; nothing where they are right. */
export type Validate = (manifest: Manifest) => Promise<readonly string[]> | readonly string[];

/**
 * Turns documents into manifests, or says why they are refused.
 *
 * The embedded cluster takes nearly anything, and Argo CD itself skips a document without a kind and prunes what it stood for:
 * what a real cluster would refuse, or what would be lost silently, is refused here as a whole.
 */
export async function readManifests(
  documents: readonly SourceDocument[],
  namespace: string,
  validate: Validate,
): Promise<{ readonly manifests: readonly Manifest[]; readonly refusals: readonly string[] }> {
  const manifests = new Map<string, Manifest>();
  const refusals: string[] = [];
  for (const { source, value } of documents) {
    if (!isManifest(value)) {
      refusals.push(`${source} has no ${missing(value)}: what it stands for would be pruned without a word.`);
      continue;
    }
    const manifest = inNamespace(value, namespace);
    if (manifests.has(identity(manifest))) refusals.push(`${source} defines ${nameOf(manifest)} a second time.`);
    manifests.set(identity(manifest), manifest);
    refusals.push(...(await validate(manifest)).map((problem) => `${source}: ${problem}`));
  }
  return { manifests: [...manifests.values()], refusals };
}

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  if (!isNamespaced(manifest) || manifest.metadata.namespace !== undefined) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function missing(value: unknown): string {
  if (!isFields(value)) return 'fields';
  return ['apiVersion', 'kind'].find((field) => typeof value[field] !== 'string') ?? 'metadata.name';
}
