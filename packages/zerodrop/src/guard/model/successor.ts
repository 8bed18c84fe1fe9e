import { nearest } from '../../options.ts';
import type { Change, FolderComparison } from './comparison.ts';
import type { ManifestObject } from './object.ts';

/** The field in which a new object differs from one that is gone, so that it takes its place. */
export interface Successor {
  readonly object: ManifestObject;
  /** Where the new object says what makes it another one. */
  readonly keys: readonly string[];
  /** What the field said before. */
  readonly former: string;
}

/**
 * The new object that stands where one is gone: it has another namespace, another kind or another name, and the rest of what a
 * cluster tells objects apart by is the same. Null where nothing new is like it.
 */
export function successorOf(gone: ManifestObject, changes: readonly Change[]): Successor | null {
  const added = addedIn(changes);
  const isKind = (object: ManifestObject): boolean => object.kind === gone.kind && object.group === gone.group;
  const moved = added.find((object) => isKind(object) && object.name === gone.name);
  if (moved !== undefined && moved.namespace !== gone.namespace) {
    return { object: moved, keys: ['metadata', 'namespace'], former: gone.namespace ?? '' };
  }
  const sameName = added.filter(({ name, namespace }) => name === gone.name && namespace === gone.namespace);
  const kind = nearest(
    gone.kind,
    sameName.map((object) => object.kind),
  );
  const otherKind = sameName.find((object) => object.kind === kind);
  if (otherKind !== undefined) return { object: otherKind, keys: ['kind'], former: gone.kind };
  const otherGroup = sameName.find((object) => object.kind === gone.kind && object.group !== gone.group);
  if (otherGroup !== undefined) return { object: otherGroup, keys: ['apiVersion'], former: gone.apiVersion };
  const sameKind = added.filter((object) => isKind(object) && object.namespace === gone.namespace);
  const name = nearest(gone.name, sameKind.length > mostCompared ? [] : sameKind.map((object) => object.name));
  const renamed = sameKind.find((object) => object.name === name) ?? alike(gone, sameKind);
  return renamed === undefined ? null : { object: renamed, keys: ['metadata', 'name'], former: gone.name };
}

/** Where more objects of a kind are new, a name that is like another one says nothing. */
const mostCompared = 50;

const addedBy = new WeakMap<readonly Change[], readonly ManifestObject[]>();

function addedIn(changes: readonly Change[]): readonly ManifestObject[] {
  const known = addedBy.get(changes);
  if (known !== undefined) return known;
  const added = changes.flatMap(({ before, after }) => (before === null && after !== null ? [after] : []));
  addedBy.set(changes, added);
  return added;
}

/** The only new object of a file from which one is gone. */
function alike(gone: ManifestObject, added: readonly ManifestObject[]): ManifestObject | undefined {
  const there = added.filter((object) => object.path === gone.path);
  return there.length === 1 ? there[0] : undefined;
}

/** The new ConfigMap or Secret that takes the place of one whose name ends in a hash of its data, as Kustomize makes them. */
export function hashedSuccessor(
  gone: ManifestObject,
  { before, after }: Pick<FolderComparison, 'before' | 'after'>,
): ManifestObject | undefined {
  const stem = gone.is('/ConfigMap', '/Secret') ? stemOf(gone.name) : null;
  if (stem === null) return undefined;
  return after.objects.find(
    (other) => other.kind === gone.kind && stemOf(other.name) === stem && before.get(other.key) === undefined,
  );
}

/** A name without the hash at its end; null where it has none. */
function stemOf(name: string): string | null {
  return (
    /^(.+)-(?=[a-z0-9]*[0-9])[a-z0-9]{5,64}$/.exec(name)?.[1] ??
    /^(.+)-[bcdfghjklmnpqrstvwxz2-9]{10}$/.exec(name)?.[1] ??
    /^(.+)-[a-f]{8,}$/.exec(name)?.[1] ??
    null
  );
}
