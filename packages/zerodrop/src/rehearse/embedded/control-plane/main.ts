import { Cluster } from '@ngrok/webernetes';
import { keysAmong } from '../../manifests/needs.ts';
import { isObeyed, type Manifest, nameOf, targetPorts } from '../../manifests/object.ts';
import { type Scope, scopeOf } from '../../manifests/rehearsed.ts';
import { type Agent, startAgent } from '../argo-cd/agent.ts';
import { makePods } from '../pods/pods.ts';
import {
  type ClusterConfiguration,
  connectToParent,
  type FromCluster,
  type PodProgram,
  type ToCluster,
  watchStalls,
} from '../programs.ts';
import { mayEvict, scale, startAutoscaler } from './controllers.ts';
import { liveObjects } from './objects.ts';
import { coalesce, healthIn, makeViews, tellNews } from './views.ts';

/** A kubelet is a loop of its own: two are enough for pods to be spread, and cost less than more. */
const nodes = 2;

/** The sync agent compares this long after something changed: a rollout changes much at once. */
const compareAfterMs = 100;

/** The program of the embedded cluster: control plane, kubelets, pods and sync agent. It ends with its parent, and so do all pods. */
interface Running {
  publish(reference: string, program: PodProgram): void;
  follow(): Promise<Agent>;
  scale(replicas: number): Promise<void>;
  kill(pod: string): void;
  /** Says whether it is granted. */
  evict(pod: string): Promise<boolean>;
  /** Whether the sync agent is away. */
  stopAgent(isAway: boolean): void;
}

const ending = new AbortController();

async function boot({
  remote,
  applications,
  application: followed,
  checkoutDirectory,
  logDirectory,
  podDirectory,
  runner,
}: ClusterConfiguration): Promise<Running> {
  const cluster = new Cluster({ nodes });
  const observe = tellNews((observed) => parent.tell({ type: 'observed', observed }));
  /** What the cluster does not run, by identity. */
  const kept = new Map<string, Manifest>();
  let wanted: readonly Manifest[] = [];
  const pods = makePods({
    runner,
    logDirectory,
    podDirectory,
    readPod: async (place) => cluster.api.corev1.readNamespacedPod(place),
    keysIn: (namespace) => keysAmong([...kept.values()].filter(({ metadata }) => metadata.namespace === namespace)),
    servicePortsIn: (namespace) => targetPorts(wanted.filter(({ metadata }) => metadata.namespace === namespace)),
    changed: () => views.refresh(),
    listening: (pod, port, afterMs) => observe({ kind: 'listening', pod, port, afterMs }, Date.now()),
    unstartable: (why) => parent.tell({ type: 'unstartable', why }),
  });
  ending.signal.addEventListener('abort', () => void pods.endAll().then(() => process.exit()));
  let agent: Agent | null = null;
  let isAgentAway = false;
  let scope: Scope | null = null;
  let starting: Promise<Agent> | null = null;
  const compare = coalesce(compareAfterMs, () => agent?.compare());
  const views = makeViews(cluster, pods, {
    observe,
    endpoints: (endpoints, at) => parent.tell({ type: 'endpoints', endpoints, at }),
    changed: compare,
  });
  await cluster.init();

  const { api } = cluster;
  const objects = liveObjects(
    api,
    ({ metadata: { name, namespace = 'default' } }) => views.podsOf(namespace, name),
    kept,
  );
  startAutoscaler(objects, kept, ending.signal);
  const context = {
    remote,
    applications,
    checkoutDirectory,
    validate: askParent,
    signal: ending.signal,
    objects,
    isAway: () => isAgentAway,
    healthOf: healthIn(async (place) => api.appsv1.readNamespacedDeployment(place), views.replicaSets),
  };
  return {
    publish: (reference, program) => cluster.registerImage(pods.image(reference, program)),
    async follow() {
      // Kept while it starts: a refresh that comes in meanwhile must not start a second one.
      starting ??= startAgent(context, {
        status(application, status) {
          if (application.name === followed) observe({ kind: 'application', ...status }, Date.now());
        },
        wanted(application, manifests) {
          if (application.name !== followed) return;
          wanted = manifests;
          scope = scopeOf(application.destination.namespace, manifests);
          views.follow(scope);
          for (const manifest of manifests.filter((one) => !isObeyed(one))) {
            observe({ kind: 'not-run', object: nameOf(manifest) }, Date.now());
          }
        },
        failed(message) {
          observe({ kind: 'warning', object: 'argocd', reason: 'ComparisonError', message }, Date.now());
        },
      });
      agent = await starting;
      return agent;
    },
    kill: (pod) => pods.kill(pod),
    async evict(name) {
      const namespace = scope?.namespace ?? 'default';
      const own = [...kept.values()].filter(({ metadata }) => metadata.namespace === namespace);
      const isGranted = mayEvict(own, views.pods(namespace), name);
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
      // Deleted with its grace period, as an eviction deletes it.
      if (isGranted && (await objects.read(pod)) !== null) await objects.remove(pod);
      return isGranted;
    },
    stopAgent: (isAway) => void (isAgentAway = isAway),
    async scale(replicas) {
      if (scope?.deployment != null) await scale(objects, scope.namespace, scope.deployment, replicas);
    },
  };
}

const asked = new Map<number, (problems: readonly string[]) => void>();
let questions = 0;

/** Asks the rehearsal, which knows the schemas of the kinds. */
async function askParent(object: object): Promise<readonly string[]> {
  questions += 1;
  const id = questions;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    parent.tell({ type: 'validate', id, object });
  });
}

let running: Promise<Running> | null = null;

async function hear(message: ToCluster): Promise<void> {
  if (message.type === 'boot') {
    running = boot(message);
    await running;
    parent.tell({ type: 'booted' });
    return;
  }
  if (message.type === 'validated') {
    asked.get(message.id)?.(message.problems);
    asked.delete(message.id);
    return;
  }
  const cluster = await running;
  if (message.type === 'image') cluster?.publish(message.reference, message.program);
  else if (message.type === 'follow') await cluster?.follow();
  else if (message.type === 'scale') await cluster?.scale(message.replicas);
  else if (message.type === 'kill') cluster?.kill(message.pod);
  else if (message.type === 'agent') cluster?.stopAgent(message.isAway);
  else if (message.type === 'evict') {
    const isGranted = (await cluster?.evict(message.pod)) ?? false;
    parent.tell({ type: 'evicted', id: message.id, isGranted });
  } else (await cluster?.follow())?.refresh();
}

const parent = connectToParent<ToCluster, FromCluster>(
  // A failure here is the end of the cluster: an unhandled rejection, whose words are the last in its log.
  (message) => void hear(message),
  () => ending.abort(new Error('The rehearsal has ended.')),
);

watchStalls((ms) =>
  parent.tell({ type: 'observed', observed: { kind: 'stalled', part: 'embedded cluster', ms, at: Date.now() } }),
);
