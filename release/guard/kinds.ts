import type { ManifestObject } from './documents.ts';

type OfKind<Kind extends string> = ManifestObject & { readonly kind: Kind };

/** The group is part of a kind: serving.knative.dev has a Service too, and it is another thing. */
function kind<Kind extends string>(
  group: string,
  name: Kind,
): (object: ManifestObject | null) => object is OfKind<Kind> {
  return (object): object is OfKind<Kind> => object?.kind === name && groupOf(object) === group;
}

function groupOf({ apiVersion }: ManifestObject): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

export const isDeployment = kind('apps', 'Deployment');
export const isStatefulSet = kind('apps', 'StatefulSet');
export const isDaemonSet = kind('apps', 'DaemonSet');
export const isService = kind('', 'Service');
export const isNamespace = kind('', 'Namespace');
export const isNetworkPolicy = kind('networking.k8s.io', 'NetworkPolicy');
export const isDisruptionBudget = kind('policy', 'PodDisruptionBudget');
export const isAutoscaler = kind('autoscaling', 'HorizontalPodAutoscaler');
export const isApplication = kind('argoproj.io', 'Application');
export const isProject = kind('argoproj.io', 'AppProject');

/** True for what keeps pods running. */
export function isWorkload(
  object: ManifestObject | null,
): object is OfKind<'Deployment' | 'StatefulSet' | 'DaemonSet'> {
  return isDeployment(object) || isStatefulSet(object) || isDaemonSet(object);
}

/** True for an object of one of these kinds, each written as in `kubectl get`: `ingresses.networking.k8s.io` without the plural. */
export function isOneOf(object: ManifestObject, kinds: readonly string[]): boolean {
  const group = groupOf(object);
  return kinds.includes(group === '' ? object.kind : `${object.kind}.${group}`);
}
