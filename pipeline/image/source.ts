import { OperationError } from 'zerodrop/errors';
import { filesAt, type Files } from 'zerodrop/files';
import { git } from 'zerodrop/git';
import type { Build } from '../../settings/build.ts';
import { makeDifferentImages } from './ingredients.ts';

/**
 * The source of an image that is built from HEAD: the newest commit on its line that changed what the image is made of. A release, a
 * rollback, a document or a tool's update on top is no newer source; taken for one, it would release what was rolled back. Null where
 * no commit has any of it yet. Throws {@link OperationError} where the history is not there.
 */
export async function imageSource(directory: string, build: Build): Promise<string | null> {
  // The oldest commit of a shallow clone seems to have made every file.
  if ((await git(directory, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new OperationError(
      'This clone is shallow, so it does not show which commit changed the service last. Set fetch-depth: 0 in actions/checkout.',
    );
  }
  const paths = build.paths.map((path) => `:(top,literal)${path}`);
  const log = ['log', '--first-parent', '--no-show-signature', '--format=%H %P'];
  const touching = (await git(directory, ...log, 'HEAD', '--', ...paths)).split('\n').filter((line) => line !== '');
  for (const line of touching) {
    const [commit = '', parent] = line.split(' ');
    if (parent === undefined || (await changesImage(directory, parent, commit, build))) return commit;
  }
  return null;
}

async function changesImage(directory: string, before: string, after: string, build: Build): Promise<boolean> {
  const [one, other] = await Promise.all([before, after].map((commit) => filesAt(directory, commit, ...build.paths)));
  return makeDifferentImages(textsOf(one), textsOf(other), build);
}

/** Files by path, with git's name in place of what is no text: it differs where the file does. */
function textsOf(files: Files = new Map()): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, content]) => [path, typeof content === 'string' ? content : content.object]));
}
