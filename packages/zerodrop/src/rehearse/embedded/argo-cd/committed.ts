import { ProgramError } from '../../../errors.ts';
import { isolatedGitBytes } from '../../../git.ts';
import {
  identity,
  isFields,
  isManifest,
  isManifestFile,
  isNamespaced,
  type Manifest,
  nameOf,
  parseDocuments,
  type SourceDocument,
  type SourceFile,
} from '../../manifests/object.ts';
import { type Application, denial, type Project } from './application.ts';
import type { AgentContext, Validate } from './compare.ts';

/** What one commit wants of an application: its objects, or why they can't be known. */
export type CommittedState =
  | { readonly commit: string; readonly manifests: readonly Manifest[] }
  | { readonly commit: string | null; readonly failure: string };

/** Reads what the newest commit of an application wants. Never throws: Argo CD reports what it can't read. */
export async function readCommitted(
  { checkoutDirectory: directory, validate }: Pick<AgentContext, 'checkoutDirectory' | 'validate'>,
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

/** The agent's own bare repository, into which it fetches what it reads. */
export async function makeCheckout(directory: string): Promise<void> {
  await git('init', '--quiet', '--bare', directory);
}

/** The commit that a branch of the remote points to; null where there is none. */
export async function tipOf(remote: string, branch: string): Promise<string | null> {
  const line = await git('ls-remote', remote, `refs/heads/${branch}`);
  return line === '' ? null : (line.split('\t')[0] ?? null);
}

/** Fetches a revision of a repository and returns its commit. Each reader keeps to a `reader` name of its own. */
export async function fetchCommit(
  directory: string,
  repository: string,
  revision: string,
  reader: string,
): Promise<string> {
  const reference = `refs/followed/${reader}`;
  await git('-C', directory, 'fetch', '--quiet', '--no-tags', repository, `+${revision}:${reference}`);
  return (await git('-C', directory, 'rev-parse', `${reference}^{commit}`)).trim();
}

/** The manifest files of a folder of a commit, without its subfolders; null where the folder does not exist. */
export async function readFolder(
  directory: string,
  commit: string,
  folder: string,
): Promise<readonly SourceFile[] | null> {
  const within = folder === '.' ? [] : [`${folder}/`];
  const listed = await git('-C', directory, 'ls-tree', '-z', commit, ...within);
  if (listed === '') return null;
  const blobs = listed
    .split('\0')
    .map((line) => /^\d+ blob (?<hash>[0-9a-f]+)\t(?<path>.+)$/s.exec(line)?.groups)
    .filter((blob) => blob !== undefined);
  return Promise.all(
    blobs
      .map(({ hash = '', path = '' }) => ({ hash, path }))
      .filter(({ path }) => isManifestFile(path))
      .map(async ({ hash, path }) => ({ path, text: await git('-C', directory, 'cat-file', 'blob', hash) })),
  );
}

/** Runs git without anything of the user's and returns what it printed. Throws git's own words. */
async function git(...args: readonly string[]): Promise<string> {
  try {
    return (await isolatedGitBytes('.', '', ...args)).toString();
  } catch (cause) {
    const said = cause instanceof ProgramError ? cause.said : String(cause);
    throw new Error(said.replace(/^fatal: /, ''), { cause });
  }
}
