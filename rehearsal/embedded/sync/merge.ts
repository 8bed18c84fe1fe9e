import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields } from './manifest.ts';

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
