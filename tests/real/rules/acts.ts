import { setTimeout as pause } from 'node:timers/promises';
import { field } from '../field.ts';
import type { Cluster } from './cluster.ts';
import type { Images } from './images.ts';
import { containersOf, type Files, isArgo, keepObjects, type Manifest, mapObjects } from './manifest.ts';
import type { Act } from './play.ts';
import { pods } from './watch.ts';

/** What an act can use. */
export interface Scene {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly images: Images;
  readonly before: Files;
  /** What was put last, with the names of the pages. */
  readonly files: Files;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  put(files: Files): Promise<void>;
}

/** Does one act. Returns what was not done in time, and null where it was. */
export async function perform(act: Act, scene: Scene): Promise<string | null> {
  return acts[act](scene);
}

const acts: Readonly<Record<Act, (scene: Scene) => Promise<string | null>>> = {
  release: put((files) => mapObjects(files, released)),
  revert: async (scene) => put(() => scene.before)(scene),
  'empty folder': put((files) => keepObjects(files, isArgo)),
  'drop namespace': put((files) => keepObjects(files, ({ kind }) => kind !== 'Namespace')),
  'delete application': put((files) => keepObjects(files, ({ kind }) => kind !== 'Application')),
  fail: put((files) => new Map([...files, ['manifests/production/refused.yaml', [refused]]])),
  mend: async (scene) => put(() => mapObjects(scene.before, released))(scene),
  rename: put((files) => mapObjects(files, renamed)),
  drain: async (scene) => evict(scene, Number.POSITIVE_INFINITY),
  'evict one': async (scene) => evict(scene, 1),
  async 'scale up'({ cluster, namespace }) {
    const scale = `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale?fieldManager=autoscaler`;
    const { body } = await cluster.ask('GET', scale);
    const { message } = await cluster.ask('PUT', scale, { ...(body as object), spec: { replicas: 12 } });
    return message;
  },
  async 'set by hand'({ cluster, namespace, images }) {
    const deployment: Manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace } };
    const { body } = await cluster.get(deployment);
    const changed = structuredClone(body) as Manifest;
    for (const container of containersOf(changed)) container.image = images.v2;
    return (await cluster.merge(deployment, { spec: { template: changed.spec?.template } })).message;
  },
  async 'move tag'({ cluster, namespace, images }) {
    await images.moveTag();
    const [pod] = await pods(cluster, namespace);
    return (await cluster.ask('DELETE', podPath(namespace, pod))).message;
  },
};

function put(change: (files: Files) => Files): (scene: Scene) => Promise<null> {
  return async (scene) => {
    await scene.put(change(scene.files));
    return null;
  };
}

function released(object: Manifest): Manifest {
  for (const container of containersOf(object)) {
    container.image = container.image?.replace('/web:1.0.0', '/web:1.1.0') ?? '';
  }
  return object;
}

/**
 * What the API server refuses once a sync has begun: an object that is not there yet. Where it refuses a change of one that is there,
 * Argo CD's comparison fails, and no sync begins that could be tried again.
 */
const refused: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'refused', namespace: 'shop' },
  data: { 'not a key': '' },
};

function renamed(object: Manifest): Manifest {
  if (object.kind === 'Deployment') object.metadata.name = 'shop';
  return object;
}

function podPath(namespace: string, pod: unknown): string {
  return `/api/v1/namespaces/${namespace}/pods/${String(field(pod, 'metadata', 'name'))}`;
}

/** Evicts pods as `kubectl drain` does. A pod that is not let go is asked for again. */
async function evict({ cluster, namespace, limitMs, signal }: Scene, count: number): Promise<string | null> {
  const running = (await pods(cluster, namespace)).filter(
    (pod) => field(pod, 'metadata', 'deletionTimestamp') === undefined,
  );
  const left = new Set(running.slice(0, count));
  const until = Date.now() + limitMs;
  let said: string | null = null;
  while (left.size > 0 && Date.now() < until) {
    for (const pod of left) {
      const metadata = { name: field(pod, 'metadata', 'name'), namespace };
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      const { message, status } = await cluster.ask('POST', `${podPath(namespace, pod)}/eviction`, eviction);
      if (message === null || status === 404) left.delete(pod);
      else said = message;
    }
    await pause(1_000, undefined, { signal });
  }
  return left.size === 0 ? null : said;
}
