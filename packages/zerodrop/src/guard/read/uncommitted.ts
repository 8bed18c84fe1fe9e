import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hookGit as git } from '../../git.ts';
import { isCandidateName, looksLikeManifest } from './candidates.ts';
import type { Files } from './files.ts';

/** What of a working copy is not in what is compared: `working copy` is all that no commit has, `not staged` what no index has. */
export type Uncommitted = 'working copy' | 'not staged';

/** Files of a working copy that hold manifests and are not compared, since nobody has committed or staged what is in them. */
export async function uncommittedManifests(
  root: string,
  below: readonly string[],
  which: Uncommitted,
  compared: Files,
): Promise<readonly string[]> {
  const asked = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', ...below];
  // It only tells what was left out: where git can't say, by a broken filter for example, the comparison stands all the same.
  const status = await git(root, ...asked).catch(() => '');
  const changed = status.split('\0').flatMap((entry) => {
    const name = entry.slice(3);
    // The first letter is the index, the second the working copy.
    const isLeftOut = which === 'working copy' || entry[1] !== ' ';
    return entry !== '' && isLeftOut && isCandidateName(name) ? [name] : [];
  });
  const held = await Promise.all(
    changed.map(async (name) => ((await holdsManifests(root, name, compared)) ? [name] : [])),
  );
  return held.flat();
}

async function holdsManifests(root: string, name: string, compared: Files): Promise<boolean> {
  const committed = compared.get(name);
  if (committed !== undefined && looksLikeManifest(committed)) return true;
  return looksLikeManifest(await readFile(path.join(root, name), 'utf8').catch(() => ''));
}
