import { isDeepStrictEqual } from 'node:util';
import { at } from './fields.ts';
import { inOrder } from './kinds.ts';
import { type Fields, identity, isFields, type Manifest, nameOf } from './manifest.ts';
import { merged, mergePatch } from './merge.ts';

/** An object to be made, or to be changed by a merge patch. */
interface Change {
  readonly manifest: Manifest;
  /** Null where the object does not exist yet. */
  readonly patch: Fields | null;
}

/** How the cluster differs from a commit. */
export interface Comparison {
  /** In the order in which they are applied. */
  readonly changes: readonly Change[];
  /** What is live as the commit wants it. */
  readonly same: readonly Manifest[];
  /** What was applied before and is in git no longer. */
  readonly prunes: readonly Manifest[];
  /** Nothing is left of what was applied before: syncing would delete it all. */
  readonly wipesOut: boolean;
}

/**
 * Compares what a commit wants with what is live.
 *
 * The live objects are read anew each time and compared field by field, because the embedded cluster's own apply compares with
 * what was applied last and would not see drift.
 */
export function compare(
  desired: readonly Manifest[],
  applied: ReadonlyMap<string, Manifest>,
  live: ReadonlyMap<string, Manifest>,
): Comparison {
  const wanted = new Set(desired.map(identity));
  const prunes = [...applied.values()].filter(
    (manifest) => !wanted.has(identity(manifest)) && live.has(identity(manifest)),
  );
  const changes = inOrder(desired).flatMap((manifest): Change[] => {
    const found = live.get(identity(manifest));
    if (found === undefined) return [{ manifest, patch: null }];
    const should = merged(found, applied.get(identity(manifest)), manifest);
    const patch = isFields(should) ? mergePatch(found, should) : undefined;
    return patch === undefined ? [] : [{ manifest, patch }];
  });
  const changed = new Set(changes.map(({ manifest }) => manifest));
  const same = desired.filter((manifest) => !changed.has(manifest));
  return { changes, same, prunes: inOrder(prunes).toReversed(), wipesOut: desired.length === 0 && prunes.length > 0 };
}

/** What the API server of a real cluster would not change, in its words; null where nothing of that kind is asked. */
export function immutable(desired: readonly Manifest[], live: ReadonlyMap<string, Manifest>): string | null {
  for (const manifest of desired) {
    const found = live.get(identity(manifest));
    if (found === undefined || !['Deployment', 'ReplicaSet'].includes(manifest.kind)) continue;
    const [before, after] = [found, manifest].map((object) => at(object, 'spec', 'selector'));
    if (isDeepStrictEqual(before, after)) continue;
    const words = `${nameOf(manifest)} is invalid: spec.selector: Invalid value: ${JSON.stringify(after)}: field is immutable`;
    return `Failed to compare desired state to live state: ${words}`;
  }
  return null;
}
