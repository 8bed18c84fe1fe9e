import { field, listField, numberField } from '../field.ts';
import { type Cluster, pathOf } from './cluster.ts';
import { type Manifest, nameOf } from './manifest.ts';

/** What is seen of the objects of a play, from the change on. */
export interface Watch {
  readonly gone: readonly string[];
  readonly remade: readonly string[];
  readonly fewer: { readonly available: number; readonly wanted: number } | undefined;
  look(): Promise<void>;
  /** Why a Deployment is not rolled out; null where all of these are. */
  unfinished(deployments: readonly Manifest[]): Promise<string | null>;
}

/** Watches objects, from when each is there. */
export async function watchObjects(cluster: Cluster, namespace: string, objects: readonly Manifest[]): Promise<Watch> {
  const first = new Map<string, unknown>();
  const now = new Map<string, unknown>();
  const remade = new Set<string>();
  let fewer: Watch['fewer'];
  // Those of before and after the change are mostly the same.
  const asked = [...new Map(objects.map((object) => [pathOf(object), object])).values()];
  const look = async (): Promise<void> => {
    await Promise.all(
      asked.map(async (object) => {
        const { status, body } = await cluster.get(object);
        const name = nameOf(object);
        const uid = status === 200 ? field(body, 'metadata', 'uid') : undefined;
        const isLeaving = field(body, 'metadata', 'deletionTimestamp') !== undefined;
        if (first.get(name) === undefined) first.set(name, uid);
        now.set(name, isLeaving ? undefined : uid);
        if (uid !== undefined && uid !== first.get(name)) remade.add(name);
        if (object.kind === 'Deployment' && status === 200) fewer = fewest(fewer, body);
      }),
    );
  };
  await look();
  fewer = undefined;
  return {
    look,
    get gone() {
      return [...now].flatMap(([name, uid]) => (uid === undefined && first.get(name) !== undefined ? [name] : []));
    },
    get remade() {
      return [...remade];
    },
    get fewer() {
      return fewer;
    },
    async unfinished(deployments) {
      for (const deployment of deployments) {
        const { status, body } = await cluster.get(deployment);
        if (status !== 200) return `${nameOf(deployment)} is not there`;
        if (!isRolledOut(body)) return reasonOf(body, (await pods(cluster, namespace)).filter(isPodOf(body)));
      }
      return null;
    },
  };
}

/** The pods of a namespace. */
export async function pods(cluster: Cluster, namespace: string): Promise<readonly unknown[]> {
  const { body } = await cluster.ask('GET', `/api/v1/namespaces/${namespace}/pods`);
  return listField(body, 'items');
}

function fewest(known: Watch['fewer'], deployment: unknown): Watch['fewer'] {
  const wanted = numberField(deployment, 1, 'spec', 'replicas');
  const available = numberField(deployment, 0, 'status', 'availableReplicas');
  if (available >= wanted || (known !== undefined && known.available <= available)) return known;
  return { available, wanted };
}

function isRolledOut(deployment: unknown): boolean {
  const wanted = numberField(deployment, 1, 'spec', 'replicas');
  const counts = ['replicas', 'updatedReplicas', 'availableReplicas'].map((name) =>
    numberField(deployment, 0, 'status', name),
  );
  const isSeen = field(deployment, 'status', 'observedGeneration') === field(deployment, 'metadata', 'generation');
  return isSeen && counts.every((count) => count === wanted);
}

function isPodOf(deployment: unknown): (pod: unknown) => boolean {
  const name = `${String(field(deployment, 'metadata', 'name'))}-`;
  return (pod) => String(field(pod, 'metadata', 'name')).startsWith(name);
}

/** What Kubernetes says of a rollout that is not at its end. */
function reasonOf(deployment: unknown, itsPods: readonly unknown[]): string {
  const conditions = listField(deployment, 'status', 'conditions');
  const failure = conditions.find((condition) => field(condition, 'type') === 'ReplicaFailure');
  const waiting = itsPods.flatMap((pod) =>
    listField(pod, 'status', 'containerStatuses').map((status) => field(status, 'state', 'waiting')),
  );
  const unscheduled = itsPods
    .flatMap((pod) => listField(pod, 'status', 'conditions'))
    .find((condition) => field(condition, 'reason') === 'Unschedulable');
  const held = waiting.find((one) => one !== undefined && field(one, 'reason') !== 'ContainerCreating');
  const said =
    held === undefined
      ? field(failure ?? unscheduled, 'message')
      : `${String(field(held, 'reason'))}: ${String(field(held, 'message'))}`;
  const wanted = numberField(deployment, 1, 'spec', 'replicas');
  const updated = numberField(deployment, 0, 'status', 'updatedReplicas');
  const ready = numberField(deployment, 0, 'status', 'availableReplicas');
  const all = numberField(deployment, 0, 'status', 'replicas');
  return typeof said === 'string'
    ? said
    : `of ${all} pods ${updated} are of the new version and ${ready} are available, and ${wanted} are wanted`;
}
