import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Field } from './field.ts';
import type { ManifestObject } from './object.ts';

/** True where an Application leaves a field of an object to others, in its comparison and in its syncs. */
export function ignoresField(application: Field<IApplication>, object: ManifestObject, pointer: string): boolean {
  if (!syncOptionsOf(application).includes('RespectIgnoreDifferences=true')) return false;
  return application
    .at('spec', 'ignoreDifferences')
    .items()
    .some((entry) => {
      const isOf =
        fits(entry.at('group').text, object.group) &&
        fits(entry.at('kind').text, object.kind) &&
        fits(entry.at('name').text, object.name);
      const pointers = entry
        .at('jsonPointers')
        .items()
        .map((item) => item.text);
      const expressions = entry
        .at('jqPathExpressions')
        .items()
        .map((item) => item.text);
      return isOf && (pointers.includes(pointer) || expressions.includes(pointer.replaceAll('/', '.')));
    });
}

function fits(wanted: string | undefined, is: string): boolean {
  return wanted === undefined || wanted === '' || wanted === '*' || wanted === is;
}

/** What an Application asks of each of its syncs, such as `PruneLast=true`. */
export function syncOptionsOf(application: Field<IApplication>): readonly string[] {
  return application
    .at('spec', 'syncPolicy', 'syncOptions')
    .items()
    .flatMap((option) => option.text ?? []);
}

/** The annotation by which an object tells Argo CD how to sync it. */
export const syncOptionsAnnotation = 'argocd.argoproj.io/sync-options';

/** What an object's own annotation asks of a sync, such as `Prune=confirm`. */
export function ownSyncOptions(object: ManifestObject): readonly string[] {
  return csv(object.annotation(syncOptionsAnnotation));
}

/** Argo CD, and Helm, leave such an object in the cluster when its file goes. */
export function isKept(object: ManifestObject): boolean {
  return ownSyncOptions(object).includes('Prune=false') || object.annotation('helm.sh/resource-policy') === 'keep';
}

/** The parts of an annotation with commas, as Argo CD takes them. */
export function csv(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
