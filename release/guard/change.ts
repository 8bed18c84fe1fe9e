import { isDeepStrictEqual } from 'node:util';
import type { ManifestObject } from './documents.ts';

/** One object that a commit changes, makes (`before` is null) or takes away (`after` is null). */
export type Change =
  | { readonly before: ManifestObject; readonly after: ManifestObject }
  | { readonly before: null; readonly after: ManifestObject }
  | { readonly before: ManifestObject; readonly after: null };

/** The objects that differ between two states of one folder: what is gone first, then in the order of `after`. */
export function changes(before: readonly ManifestObject[], after: readonly ManifestObject[]): readonly Change[] {
  const old = new Map(before.map((object) => [identity(object), object]));
  const next = new Map(after.map((object) => [identity(object), object]));
  const gone = [...old].filter(([key]) => !next.has(key));
  const rest = [...next].map(([key, object]) => ({ before: old.get(key) ?? null, after: object }));
  return [
    ...gone.map(([, object]) => ({ before: object, after: null })),
    ...rest.filter((change) => !isDeepStrictEqual(change.before?.document, change.after.document)),
  ];
}

/** What makes two documents the same object to a cluster. Without the version of the API, which may change under the object. */
export function identity({ apiVersion, kind, namespace, name }: ManifestObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, namespace, name].join(' ');
}

/** How sentences name an object, such as `Deployment web-staging/web`. */
export function nameOf({ kind, namespace, name }: ManifestObject): string {
  return `${kind} ${namespace === null ? name : `${namespace}/${name}`}`;
}
