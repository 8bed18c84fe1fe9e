import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Field, ManifestObject } from './object.ts';

const resourcePolicy = 'helm.sh/resource-policy';
const argoHook = 'argocd.argoproj.io/hook';
const helmHook = 'helm.sh/hook';
export const waveAnnotation = 'argocd.argoproj.io/sync-wave';
export const helmWeightAnnotation = 'helm.sh/hook-weight';

/** The phases of a sync that wait for their hooks (argo-cd/gitops-engine/pkg/sync/common/types.go). */
const argoTypes = new Set(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip']);
/** Helm's hooks that Argo CD runs, and the phase that each becomes (sync/hook/helm/type.go). */
const helmTypes: Readonly<Record<string, string>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-upgrade': 'PostSync',
  'post-install': 'PostSync',
};

/** The phases in which Argo CD runs an object as a hook; Helm's count only where none of its own is there. */
export function hookTypes(object: ManifestObject): readonly string[] {
  const own = csv(object.annotation(argoHook)).filter((type) => argoTypes.has(type));
  if (own.length > 0) return own;
  return csv(object.annotation(helmHook)).flatMap((type) =>
    Object.hasOwn(helmTypes, type) ? (helmTypes[type] ?? []) : [],
  );
}

/**
 * True for an object that Argo CD takes for a hook and not for a part of what is to run (sync/hook/hook.go, `IsHook`): also one
 * with a phase that it does not know, and a test of Helm's, which never runs.
 */
export function isHook(object: ManifestObject): boolean {
  if (object.annotation(argoHook) !== undefined) {
    const types = hookTypes(object);
    return !(types.length === 1 && types[0] === 'Skip');
  }
  const helm = object.annotation(helmHook);
  return helm !== undefined && helm !== 'crd-install';
}

/** The annotation that makes an object a hook. */
export function hookAnnotation(object: ManifestObject): string {
  return object.annotation(argoHook) === undefined ? helmHook : argoHook;
}

/** The wave of a sync in which an object is applied; what is no number counts as none (sync/syncwaves/waves.go). */
export function waveOf(object: ManifestObject): number {
  return integer(object.annotation(waveAnnotation)) ?? integer(object.annotation(helmWeightAnnotation)) ?? 0;
}

/** As Go's `strconv.Atoi` reads it. */
function integer(text: string | undefined): number | null {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : null;
}

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

/** What applies a folder. */
export interface Appliers {
  /** True where Argo CD applies it, by an Application of the repository or by one that stands elsewhere. */
  readonly isOfArgo: boolean;
  /** The Applications of the repository that apply it after the change. */
  readonly applications: () => readonly Field<IApplication>[];
}

/**
 * True for an object that stays in the cluster when it leaves git. Argo CD reads the first `Prune=` of the object, or else that of the
 * Application (gitops-engine/pkg/sync/sync_context.go, `isPruningDisabled`); Helm's own annotation counts for Helm alone.
 */
export function isKept(object: ManifestObject, { isOfArgo, applications }: Appliers): boolean {
  const own = valueOf(ownSyncOptions(object), 'Prune');
  const asked = own === undefined ? applications().map((one) => valueOf(syncOptionsOf(one), 'Prune')) : [own];
  if (asked.length > 0 && asked.every((value) => value === 'false')) return true;
  return !isOfArgo && object.annotation(resourcePolicy)?.trim().toLowerCase() === 'keep';
}

/**
 * True for an object that Argo CD deletes and makes again where the API server refuses a change of it: a hook, and what a sync
 * forces. Server-side apply knows no force, and `Replace=true` alone is an update (sync_context.go, `applyObject`).
 */
export function isMadeAnew(before: ManifestObject, after: ManifestObject, { applications }: Appliers): boolean {
  if (isHook(after)) return true;
  const own = ownSyncOptions(after);
  const live = [...own, ...ownSyncOptions(before)];
  const ofAll = applications().flatMap(syncOptionsOf);
  const isOnServer = !own.includes('ServerSideApply=false') && [...own, ...ofAll].includes('ServerSideApply=true');
  return live.includes('Force=true') && ([...live, ...ofAll].includes('Replace=true') || !isOnServer);
}

/**
 * True where an object's own annotations keep Argo CD from deleting it without a question: with its file (`Prune`), or with its
 * Application (`Delete`), by which Helm's annotation counts as well (controller/appcontroller.go, `shouldBeDeleted`).
 */
export function isGuarded(object: ManifestObject, act: 'Prune' | 'Delete'): boolean {
  if (['confirm', 'false'].includes(valueOf(ownSyncOptions(object), act) ?? '')) return true;
  return act === 'Delete' && csv(object.annotation(resourcePolicy)).includes('keep');
}

/** The value of the first option of a name: Argo CD looks no further. */
function valueOf(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The parts of an annotation with commas, as Argo CD takes them. */
function csv(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
