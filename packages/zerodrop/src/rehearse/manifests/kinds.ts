import { groupOf, type Manifest } from './object.ts';

const clusterScoped = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

export function isNamespaced({ kind }: Pick<Manifest, 'kind'>): boolean {
  return !clusterScoped.has(kind);
}

/** What the embedded cluster can run, by group and kind. Others are kept, and do nothing. */
const runnable = new Set(['/Namespace', '/Pod', '/Service', 'apps/Deployment', 'apps/ReplicaSet']);

export function isRunnable(manifest: Manifest): boolean {
  return runnable.has(`${groupOf(manifest)}/${manifest.kind}`);
}

/** Kinds that come first, in the order in which Argo CD applies them (gitops-engine/pkg/sync/sync_tasks.go). */
const first = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
];

/** And those that come last. */
const last = ['Service', 'DaemonSet', 'Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'Job', 'CronJob', 'Ingress'];

/** Manifests in the order in which they are applied. */
export function inOrder(manifests: readonly Manifest[]): Manifest[] {
  return manifests.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ kind }: Manifest): number {
  if (first.includes(kind)) return first.indexOf(kind) - first.length;
  return last.indexOf(kind) + 1;
}
