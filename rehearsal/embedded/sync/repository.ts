import { isManifestFile, type SourceFile } from './documents.ts';
import { git } from './git.ts';

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
