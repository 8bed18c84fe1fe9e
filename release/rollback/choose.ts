import { OperationError } from 'zerodrop/errors';
import { partsOf, pinPath, type TargetPath } from '../../apps/pins.ts';
import { type ReleaseInEffect, releasesInEffect } from '../history/in-effect.ts';
import type { PinChange } from '../history/pin-changes.ts';
import { tagOf } from '../names.ts';

/** What a rollback takes back, and what it brings. */
export type Choice =
  | { readonly kind: 'take-back'; readonly release: ReleaseInEffect; readonly target: ReleaseInEffect }
  /** Somebody else has taken it back. */
  | { readonly kind: 'gone'; readonly commit: string };

/**
 * Chooses the release to take back: the last that stands, and only if it is `wanted` where one is named. A second rollback in the
 * same minute must not take back one more. Throws {@link OperationError} where there is nothing to go back to, or a newer release
 * stands on the wanted one.
 *
 * @param changes of the pin file, newest first
 * @param wanted the commit of a release; null for whatever is the last
 */
export function choose(path: TargetPath, changes: readonly PinChange[], wanted: string | null): Choice {
  const { environment } = partsOf(path);
  const releases = releasesInEffect(changes);
  const release = releases.at(-1);
  if (wanted !== null && !releases.some(({ commit }) => commit === wanted)) {
    const [named, ...before] = changes.slice(changes.findIndex(({ commit }) => commit === wanted));
    if (named?.commit === wanted) return goneOrThrow(path, named, before);
    throw new OperationError(
      `${wanted} is no release of ${environment} on main: git log --first-parent -- ${pinPath(path)} lists them.`,
    );
  }
  if (release === undefined) throw noRelease(path, changes);
  if (wanted !== null && release.commit !== wanted) {
    throw new OperationError(
      `${wanted} is no longer what ${environment} runs: ${tagOf(release.pin)} was released on top of it in ${release.commit}. Check whether that one has to be rolled back as well.`,
    );
  }
  const target = releases.at(-2);
  if (target === undefined) {
    throw new OperationError(
      `${tagOf(release.pin)} is the first release of ${environment}, so there is none before it to go back to. Release a fixed one; or take the service away with git revert ${release.commit}.`,
    );
  }
  return { kind: 'take-back', release, target };
}

function noRelease(path: TargetPath, [last]: readonly PinChange[]): OperationError {
  const gone =
    last === undefined
      ? ''
      : ` Its pin ${pinPath(path)} is gone since ${last.commit}: if that was a mistake, bring it back with git revert ${last.commit}.`;
  return new OperationError(`${partsOf(path).environment} runs no release, so there is none to roll back.${gone}`);
}

/** A commit that pinned anew what had run before is no release but the way back from one: it took something back itself. */
function goneOrThrow(path: TargetPath, named: PinChange, before: readonly PinChange[]): Choice {
  const last = releasesInEffect([named, ...before]).at(-1);
  if (last === undefined || last.commit === named.commit) return { kind: 'gone', commit: named.commit };
  throw new OperationError(
    `${named.commit} is no release: it rolled back to ${tagOf(last.pin)}. To go further back: npm run release -- rollback --environment ${path.replace('/', ' --service ')}`,
  );
}
