/** The kinds of Kubernetes' own API groups, to tell a misspelt one from one that somebody defined. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  '': [
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'List',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'networking.k8s.io': ['IPAddress', 'Ingress', 'IngressClass', 'NetworkPolicy', 'ServiceCIDR'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

/** The kinds of a group of Kubernetes' own; null for another group, whose kinds nobody knows here. */
export function kindsOf(group: string): readonly string[] | null {
  return Object.hasOwn(kinds, group) ? (kinds[group] ?? null) : null;
}

/** The one group of Kubernetes' own that has a kind; null where none has it. */
export function groupOf(kind: string): string | null {
  return Object.keys(kinds).find((group) => kinds[group]?.includes(kind)) ?? null;
}
