/** What the controllers of Kubernetes make of an object, each written as `group/Kind` (kubernetes/pkg/controller). */
const makes: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['apps/ReplicaSet'],
  'apps/ReplicaSet': ['/Pod'],
  'apps/StatefulSet': ['/Pod', 'apps/ControllerRevision', '/PersistentVolumeClaim'],
  'apps/DaemonSet': ['/Pod', 'apps/ControllerRevision'],
  'argoproj.io/Rollout': ['apps/ReplicaSet'],
  'batch/CronJob': ['batch/Job'],
  'batch/Job': ['/Pod'],
};

/** Kinds that nobody writes: controllers make them, and mend what is changed in them. */
const madeOnly = new Set([
  '/Pod',
  'apps/ReplicaSet',
  'apps/ControllerRevision',
  '/Event',
  'events.k8s.io/Event',
  'coordination.k8s.io/Lease',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
]);

/** True for a kind, written as `group/Kind`, that only controllers make. */
export function isMadeByControllers(kind: string): boolean {
  return madeOnly.has(kind);
}

/** The kinds that controllers make of these, and of what they make. */
export function madeOf(given: readonly string[]): ReadonlySet<string> {
  const found = [...given];
  // Grows while it is read: what is made makes something in turn.
  for (const kind of found) {
    const made = Object.hasOwn(makes, kind) ? (makes[kind] ?? []) : [];
    found.push(...made.filter((one) => !found.includes(one)));
  }
  return new Set(found.slice(given.length));
}
