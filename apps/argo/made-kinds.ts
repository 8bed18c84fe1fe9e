/** A kind of Kubernetes object, as an AppProject names it: the core API's group is empty. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** The kind of an object with this `apiVersion` and `kind`. */
export function groupKindOf(apiVersion: string, kind: string): GroupKind {
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', kind };
}

const pod = { group: '', kind: 'Pod' };
const replicaSet = { group: 'apps', kind: 'ReplicaSet' };
const controllerRevision = { group: 'apps', kind: 'ControllerRevision' };
const job = { group: 'batch', kind: 'Job' };
const endpoints = { group: '', kind: 'Endpoints' };
const endpointSlice = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };
const volumeClaim = { group: '', kind: 'PersistentVolumeClaim' };

/** What the controllers of Kubernetes make of an object (kubernetes/pkg/controller). */
const makes: readonly { readonly maker: GroupKind; readonly made: readonly GroupKind[] }[] = [
  { maker: { group: 'apps', kind: 'Deployment' }, made: [replicaSet] },
  { maker: replicaSet, made: [pod] },
  { maker: { group: 'apps', kind: 'StatefulSet' }, made: [pod, controllerRevision, volumeClaim] },
  { maker: { group: 'apps', kind: 'DaemonSet' }, made: [pod, controllerRevision] },
  { maker: { group: 'batch', kind: 'CronJob' }, made: [job] },
  { maker: job, made: [pod] },
  { maker: { group: '', kind: 'Service' }, made: [endpoints, endpointSlice] },
];

/**
 * Kinds that Argo CD doesn't watch, and so neither shows nor applies, whatever a project permits: by its code
 * (argo-cd/util/settings/resources_filter.go) and by `resource.exclusions`, as it is installed.
 */
const unwatched: readonly GroupKind[] = [
  { group: '', kind: 'Event' },
  { group: 'events.k8s.io', kind: 'Event' },
  { group: 'coordination.k8s.io', kind: 'Lease' },
  endpoints,
  endpointSlice,
];

/** Kinds that nobody writes: the controllers make them, and mend what is changed in them. */
const madeOnly: readonly GroupKind[] = [pod, replicaSet, controllerRevision, ...unwatched];

/** The kinds that Argo CD shows below objects of these kinds, and that are not among them: ReplicaSet and Pod below Deployment. */
export function shownBelow(kinds: readonly GroupKind[]): readonly GroupKind[] {
  const found: GroupKind[] = [...kinds];
  // Grows while it is read: what is made makes something in turn.
  for (const kind of found) {
    const made = makes.find(({ maker }) => isSame(maker, kind))?.made ?? [];
    found.push(...made.filter((one) => !isIn(found, one) && !isIn(unwatched, one)));
  }
  return found.slice(kinds.length);
}

/** Whether only controllers make objects of this kind, so that git has none to bring. */
export function isMadeByControllers(kind: GroupKind): boolean {
  return isIn(madeOnly, kind);
}

/** Whether a list names a kind. */
export function isIn(list: readonly GroupKind[], kind: GroupKind): boolean {
  return list.some((one) => isSame(one, kind));
}

function isSame(one: GroupKind, other: GroupKind): boolean {
  return one.group === other.group && one.kind === other.kind;
}
