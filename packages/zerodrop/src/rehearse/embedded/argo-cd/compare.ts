import { isDeepStrictEqual } from 'node:util';
import { at, type Fields, identity, inOrder, isFields, type Manifest, nameOf } from '../../manifests/object.ts';

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

/**
 * What a live value should become: every field as git has it, what git once set and no longer does gone, and what others set
 * left alone. That is how server-side apply treats the fields that Argo CD owns.
 */
export function merged(live: unknown, applied: unknown, desired: unknown): unknown {
  if (isFields(desired) && isFields(live)) {
    const owned = isFields(applied) ? applied : {};
    const kept = Object.entries(live).filter(([name]) => name in desired || !(name in owned));
    const set = Object.entries(desired).filter(([, value]) => value !== null);
    const wanted = set.map(([name, value]) => [name, merged(live[name], owned[name], value)]);
    return { ...Object.fromEntries(kept), ...Object.fromEntries(wanted) };
  }
  if (isNamedList(desired) && isNamedList(live))
    return mergedByName(live, isNamedList(applied) ? applied : [], desired);
  if (Array.isArray(desired) && Array.isArray(live) && desired.length === live.length) {
    return desired.map((value, index) =>
      merged(live[index], Array.isArray(applied) ? applied[index] : undefined, value),
    );
  }
  return desired;
}

/** The merge patch (RFC 7396) that turns one value into the other; undefined where they are equal. */
export function mergePatch(from: Fields, to: Fields): Fields | undefined {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changes = names.flatMap((name) => {
    const [before, after] = [from[name], to[name]];
    if (isDeepStrictEqual(before, after)) return [];
    if (isFields(before) && isFields(after)) return [[name, mergePatch(before, after)]];
    return [[name, after ?? null]];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Applies a merge patch. */
export function applyMergePatch(fields: Fields, patch: Fields): Fields {
  const kept = Object.entries(fields).filter(([name]) => patch[name] !== null);
  const set = Object.entries(patch).filter(([, value]) => value !== null);
  const changed = set.map(([name, value]) => {
    const before = fields[name];
    return [name, isFields(value) && isFields(before) ? applyMergePatch(before, value) : value];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

type NamedList = readonly (Fields & { readonly name: string })[];

/** Lists whose items have names, such as containers and variables, are merged by name, not by place. */
function isNamedList(value: unknown): value is NamedList {
  return Array.isArray(value) && value.every((item) => isFields(item) && typeof item['name'] === 'string');
}

function mergedByName(live: NamedList, applied: NamedList, desired: NamedList): unknown[] {
  const find = (list: NamedList, name: string): Fields | undefined => list.find((item) => item.name === name);
  const wanted = desired.map((item) => merged(find(live, item.name), find(applied, item.name), item));
  const added = live.filter(({ name }) => find(desired, name) === undefined && find(applied, name) === undefined);
  return [...wanted, ...added];
}
