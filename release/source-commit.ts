import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';

/** The commit that an image was built from, as far as a person wants to see it. */
export interface SourceCommit {
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601, with the author's offset. */
  readonly date: string;
  readonly subject: string;
}

/** Reads a commit; null where this clone does not have it. */
export async function readSourceCommit(directory: string, source: string): Promise<SourceCommit | null> {
  const format = '%an%x00%ae%x00%aI%x00%s';
  try {
    const shown = await git(
      directory,
      'show',
      '--no-patch',
      '--no-show-signature',
      `--format=${format}`,
      `${source}^{commit}`,
    );
    const [authorName = '', authorEmail = '', date = '', subject = ''] = shown.split('\0');
    return { authorName, authorEmail, date, subject };
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/**
 * Reads the source of a release, and makes sure that HEAD of a working copy has it in its history: else nobody has reviewed it there, and
 * no later release could tell whether it is newer. A shallow clone answers as far as its history goes. `branch` names HEAD in a sentence.
 * Throws {@link UsageError} for another source, and {@link OperationError} where a shallow clone can't tell.
 */
export async function requireSource(directory: string, source: string, branch: string): Promise<SourceCommit> {
  const commit = await readSourceCommit(directory, source);
  if (commit !== null && (await isInHead(directory, source))) return commit;
  if ((await git(directory, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new OperationError(
      `This clone is shallow, and the part of the history that it has does not show whether ${source} (--source) is on ${branch}. Fetch the rest with git fetch --unshallow; in a workflow give actions/checkout fetch-depth: 0.`,
    );
  }
  throw new UsageError(
    commit !== null
      ? `--source is ${source}, which is not on ${branch}. An image is released from what was merged: merge that commit, or get the newest with git pull, and name the commit on ${branch} that the image was built from.`
      : `--source is ${source}, which is no commit of this clone. Name the one that the image was built from, as git log --format=%H prints it. If it is new at the remote, git pull first.`,
  );
}

async function isInHead(directory: string, source: string): Promise<boolean> {
  try {
    await git(directory, 'merge-base', '--is-ancestor', source, 'HEAD');
    return true;
  } catch (error) {
    if (error instanceof ProgramError) return false;
    throw error;
  }
}
