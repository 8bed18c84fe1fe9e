import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';

/** The annotation by which an object tells Argo CD how to sync it. */
export const syncOptionsAnnotation = 'argocd.argoproj.io/sync-options';

/** The value of one of Argo CD's annotations; undefined where the object has none. */
export function annotation({ document }: ManifestObject, name: string): string | undefined {
  const value = field(document, 'metadata', 'annotations', name);
  return typeof value === 'string' ? value : undefined;
}

/** What an object's own annotation asks of a sync, such as `Prune=confirm`. */
export function ownSyncOptions(object: ManifestObject): readonly string[] {
  return (annotation(object, syncOptionsAnnotation) ?? '').split(',').map((option) => option.trim());
}

/** What an Application asks of each of its syncs, such as `PruneLast=true`. */
export function applicationSyncOptions({ document }: ManifestObject): readonly string[] {
  return listField(document, 'spec', 'syncPolicy', 'syncOptions').map(String);
}
