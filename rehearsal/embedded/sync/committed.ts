import type { Application } from './application.ts';
import { parseDocuments, type SourceDocument } from './documents.ts';
import type { Manifest } from './manifest.ts';
import { denial, type Project } from './project.ts';
import { readManifests, type Validate } from './refusals.ts';
import { fetchCommit, readFolder } from './repository.ts';
import type { Surroundings } from './surroundings.ts';

/** What one commit wants of an application: its objects, or why they can't be known. */
export type CommittedState =
  | { readonly commit: string; readonly manifests: readonly Manifest[] }
  | { readonly commit: string | null; readonly failure: string };

/** Reads what the newest commit of an application wants. Never throws: Argo CD reports what it can't read. */
export async function readCommitted(
  { checkoutDirectory: directory, validate }: Pick<Surroundings, 'checkoutDirectory' | 'validate'>,
  application: Application,
  project: Project,
): Promise<CommittedState> {
  // What the project denies is refused in other words, and need not be known here.
  const validatePermitted: Validate = async (manifest) =>
    denial(manifest, application, project) === null ? validate(manifest) : [];
  let commit: string | null = null;
  try {
    commit = await fetchCommit(directory, application.repository, application.revision, application.name);
    const documents = await readDocuments(directory, commit, application.path);
    const { manifests, refusals } = await readManifests(
      documents,
      application.destination.namespace,
      validatePermitted,
    );
    if (refusals.length > 0) throw new Error(refusals.join(' '));
    return { commit, manifests };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { commit, failure: `Failed to load target state: failed to generate manifest for source 1 of 1: ${words}` };
  }
}

/** The documents in a folder of a commit. Throws where there is no such folder, or a file is not YAML. */
export async function readDocuments(
  directory: string,
  commit: string,
  folder: string,
): Promise<readonly SourceDocument[]> {
  const files = await readFolder(directory, commit, folder);
  if (files === null) throw new Error(`${folder}: app path does not exist`);
  return files.flatMap(parseDocuments);
}
