import { git } from '../../release/git.ts';
import { CannotRun } from '../cannot-run.ts';

/** All that the image is made of, as the workflow `release` names the paths that start it. */
export const imagePaths = [
  '.dockerignore',
  '.npmrc',
  'Dockerfile',
  'package.json',
  'package-lock.json',
  'service/**',
] as const;

/**
 * The source of an image that is built from HEAD: the newest commit on its line that touched what the image is made of. A release, a
 * rollback or a document on top is no newer source; taken for one, it would release what was rolled back. Throws
 * {@link CannotRun} where the history is not there.
 */
export async function imageSource(directory: string): Promise<string> {
  // The oldest commit of a shallow clone seems to have made every file.
  if ((await git(directory, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new CannotRun(
      'This clone is shallow, and which commit changed the service last is a question to the history. Give actions/checkout fetch-depth: 0.',
    );
  }
  const paths = imagePaths.map((path) => `:(top,glob)${path}`);
  const newest = ['log', '--first-parent', '--max-count=1', '--no-show-signature', '--format=%H'];
  const source = await git(directory, ...newest, 'HEAD', '--', ...paths);
  if (source === '') throw new CannotRun(`No commit of ${directory} has touched ${imagePaths.join(', ')}.`);
  return source;
}
