import type { FolderComparison } from './comparison.ts';
import type { ManifestObject } from './object.ts';

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
