import { git, GitError } from './git.ts';

/** The commit that an image was built from, as far as a person wants to see it. */
export interface SourceCommit {
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601, with the author's offset. */
  readonly date: string;
  readonly subject: string;
}

/** Reads a commit; null where this clone does not have it: a shallow one, or one of a service that lives elsewhere. */
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
    if (error instanceof GitError) return null;
    throw error;
  }
}
