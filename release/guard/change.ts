import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ManifestObject, Manifests } from './documents.ts';

/** One object that a commit changes, makes (`before` is null) or takes away (`after` is null). */
export type Change =
  | { readonly before: ManifestObject; readonly after: ManifestObject }
  | { readonly before: null; readonly after: ManifestObject }
  | { readonly before: ManifestObject; readonly after: null };

/** The objects that differ between two sets of manifests: what is gone first, then in the order of `after`. */
export function changes(before: Manifests, after: Manifests): readonly Change[] {
  const old = byIdentity(before);
  const next = byIdentity(after);
  const gone = [...old].filter(([key]) => !next.has(key));
  const rest = [...next].map(([key, object]) => ({ before: old.get(key) ?? null, after: object }));
  return [
    ...gone.map(([, object]) => ({ before: object, after: null })),
    ...rest.filter((change) => !isDeepStrictEqual(change.before?.document, change.after.document)),
  ];
}

/**
 * By folder, because a folder is what one application applies: an object may move between its files, but one that moves to
 * another folder is pruned by the first application. Without the version of the API, which may change under the object.
 */
function byIdentity(manifests: Manifests): ReadonlyMap<string, ManifestObject> {
  return new Map([...manifests.values()].flat().map((object) => [identity(object), object]));
}

function identity({ path, apiVersion, kind, namespace, name }: ManifestObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [posix.dirname(path), group, kind, namespace, name].join(' ');
}
