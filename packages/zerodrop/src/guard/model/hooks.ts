import { csv } from './ignored.ts';
import type { ManifestObject } from './object.ts';

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
