import { isDeepStrictEqual } from 'node:util';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IProbe } from 'kubernetes-models/v1/Probe';
import type { Folder } from '../guard/model/folder.ts';
import type { Field } from '../guard/model/object.ts';
import { drainsByVariable, drainSeconds } from '../guard/model/shutdown.ts';
import { isRecord, quantity } from '../guard/model/value.ts';
import type { Workload } from '../guard/model/workload.ts';
import { missingPods, shareOf } from '../guard/rules/workloads/rollout.ts';

/** From the least to the most, in milliseconds. */
export type Range = readonly [number, number];

/** What manifests do not say and a forecast needs. */
export interface Inputs {
  /** From a pod's creation until its first container runs, without the image: scheduling, sandbox, network. */
  readonly containerStartMs: Range;
  readonly imagePullMs: Range;
  /** From a container's start until its program answers. */
  readonly startupMs: Range;
  /** How long an endpoint's change takes to reach the traffic. */
  readonly endpointLagMs: Range;
  /** Requests per second of each of two kinds of client: one keeps its connections, the other makes a new one for each request. */
  readonly rate: number;
  readonly longestRequestMs: number;
  /** How many connections are kept by the clients that keep them. */
  readonly keptConnections: number;
  readonly roundTripMs: number;
  /** How many nodes there are: a DaemonSet has a pod on each. */
  readonly nodes: number;
  /** True for a program that ends at SIGTERM with what it has open, instead of answering that first. */
  readonly endsAtOnce: boolean;
}

/** What is assumed where nothing is said. */
export const defaultInputs: Inputs = {
  // Kubernetes promises 5 s for 99 % of pods, images aside (kubernetes/community, sig-scalability/slos/pod_startup_latency.md); the lab takes 0.3 s.
  containerStartMs: [300, 2_000],
  // None where the node has the image; 5 s is 500 MB at 100 MB/s.
  imagePullMs: [0, 5_000],
  // The example service takes 1.5 s in a rehearsal.
  startupMs: [500, 3_000],
  // Measured on the lab: 25 requests of 3 pods at 50/s refused, that is 0.5 s; `rehearse` takes 1 s.
  endpointLagMs: [500, 1_000],
  rate: 100,
  longestRequestMs: 1_000,
  keptConnections: 100,
  // Within a region.
  roundTripMs: 1,
  nodes: 3,
  endsAtOnce: false,
};

/** A probe with every default of Kubernetes (kubernetes/pkg/apis/core/v1/defaults.go). */
interface ProbePlan {
  readonly delayMs: number;
  readonly periodMs: number;
  readonly failures: number;
  readonly successes: number;
}

/** The probes of one container. */
export interface ContainerPlan {
  readonly startup: ProbePlan | null;
  readonly readiness: ProbePlan | null;
  readonly liveness: ProbePlan | null;
}

/** How a pod of a workload lives, as its manifest and the inputs say. */
export interface PodPlan {
  readonly containers: readonly ContainerPlan[];
  readonly initContainers: number;
  readonly minReadyMs: number;
  readonly graceMs: number;
  /** How long it takes new requests after it was told to end: its preStop hook, and what its program drains by itself. */
  readonly openMs: number;
  /** True where its program announces the end of a kept connection before it closes it. */
  readonly announces: boolean;
  /** Requests of one pod: cores and bytes. */
  readonly cpu: number;
  readonly memory: number;
}

/** Reads the plan. A preStop hook of unknown length counts as none. */
export function planOf(workload: Workload, folder: Folder): PodPlan {
  const { pod, object } = workload;
  const graceMs = 1_000 * (pod.at('terminationGracePeriodSeconds').number ?? 30);
  const initContainers = pod
    .at('initContainers')
    .items()
    .filter((container) => container.at('restartPolicy').value !== 'Always').length;
  // Containers with a port receive the requests: one of the others that ends early takes none with it.
  const serving = workload.containers.filter((container) => container.at('ports').items().length > 0);
  const drains = (serving.length > 0 ? serving : workload.containers).map(
    (container) => drainSeconds(container, folder) ?? 0,
  );
  return {
    containers: workload.containers.map(containerPlan),
    initContainers,
    minReadyMs: 1_000 * (object.field('spec', 'minReadySeconds').number ?? 0),
    graceMs,
    openMs: Math.min(graceMs, 1_000 * Math.min(graceMs, ...drains)),
    announces: workload.containers.some(drainsByVariable),
    cpu: requestOf(workload, 'cpu'),
    memory: requestOf(workload, 'memory'),
  };
}

function containerPlan(container: Field<IContainer>): ContainerPlan {
  return {
    startup: probePlan(container.at('startupProbe')),
    readiness: probePlan(container.at('readinessProbe')),
    liveness: probePlan(container.at('livenessProbe')),
  };
}

function probePlan(probe: Field<IProbe | undefined>): ProbePlan | null {
  if (!probe.isSet) return null;
  return {
    delayMs: 1_000 * (probe.loose('initialDelaySeconds').number ?? 0),
    periodMs: 1_000 * (probe.loose('periodSeconds').number ?? 10),
    failures: probe.loose('failureThreshold').number ?? 3,
    successes: probe.loose('successThreshold').number ?? 1,
  };
}

/** What a pod requests: its containers together, or the largest of those that run before them. */
function requestOf({ pod, containers }: Workload, name: 'cpu' | 'memory'): number {
  const ofContainer = (container: Field<IContainer>): number => {
    const { requests, limits } = {
      requests: container.at('resources').loose('requests', name),
      limits: container.at('resources').loose('limits', name),
    };
    return quantity(requests.value ?? limits.value) ?? 0;
  };
  const together = containers.reduce((sum, container) => sum + ofContainer(container), 0);
  return (
    Math.max(together, ...pod.at('initContainers').items().map(ofContainer)) +
    (quantity(pod.at('overhead').loose(name).value) ?? 0)
  );
}

/** How a workload replaces its pods, in pods. */
export type Strategy =
  | { readonly kind: 'rolling'; readonly surge: number; readonly unavailable: number }
  | { readonly kind: 'recreate' }
  /** A StatefulSet: from the highest ordinal down to `partition`; new pods come one by one unless they may come together. */
  | { readonly kind: 'ordinals'; readonly unavailable: number; readonly partition: number; readonly parallel: boolean }
  /** A DaemonSet: a pod on each node. */
  | { readonly kind: 'nodes'; readonly surge: number; readonly unavailable: number };

/** How a workload replaces its pods, with every default (kubernetes/pkg/apis/apps/v1/defaults.go). */
export function strategyOf({ object }: Workload, replicas: number): Strategy {
  const deployment = object.as('apps/Deployment')?.at('spec', 'strategy');
  if (deployment?.at('type').value === 'Recreate') return { kind: 'recreate' };
  const set = object.as('apps/StatefulSet');
  const daemon = object.as('apps/DaemonSet')?.at('spec', 'updateStrategy', 'rollingUpdate');
  if (set !== null) {
    const update = set.at('spec', 'updateStrategy', 'rollingUpdate');
    return {
      kind: 'ordinals',
      unavailable: Math.max(1, podsOf(update.loose('maxUnavailable').value ?? 1, replicas, Math.floor)),
      partition: Math.min(replicas, update.loose('partition').number ?? 0),
      parallel: set.at('spec', 'podManagementPolicy').value === 'Parallel',
    };
  }
  if (daemon !== undefined) {
    const surge = podsOf(daemon.loose('maxSurge').value ?? 0, replicas, Math.ceil);
    return {
      kind: 'nodes',
      surge,
      unavailable: Math.max(1, podsOf(daemon.loose('maxUnavailable').value ?? 1, replicas, Math.ceil)),
    };
  }
  const [surge, unavailable] = [
    deployment?.at('rollingUpdate', 'maxSurge'),
    deployment?.at('rollingUpdate', 'maxUnavailable'),
  ];
  const [more, less] = [surge, unavailable].map((field) => (field === undefined ? '25%' : shareOf(field)));
  return {
    kind: 'rolling',
    surge: podsOf(more, replicas, Math.ceil),
    unavailable: missingPods(more ?? '25%', less ?? '25%', replicas),
  };
}

function podsOf(value: unknown, replicas: number, round: (pods: number) => number): number {
  if (typeof value === 'number') return value;
  const share = Number.parseFloat(String(value));
  return Number.isNaN(share) ? 0 : round((share * replicas) / 100);
}

/** True where the pods of a workload are replaced, by what their template becomes. */
export function isRolled(was: Workload, is: Workload): boolean {
  return !isDeepStrictEqual(plain(was.template.value, ''), plain(is.template.value, ''));
}

/** What Kubernetes sets where a pod template says nothing (kubernetes/pkg/apis/core/v1/defaults.go): to write it changes no pod. */
const defaults: Readonly<Record<string, unknown>> = {
  creationTimestamp: null,
  defaultMode: 420,
  dnsPolicy: 'ClusterFirst',
  failureThreshold: 3,
  periodSeconds: 10,
  protocol: 'TCP',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  scheme: 'HTTP',
  successThreshold: 1,
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  timeoutSeconds: 1,
};

/** A template without what makes no difference to a pod: defaults, empty maps, and how a quantity is written. */
function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, key));
  if (!isRecord(value)) return value;
  const isFree = key === 'labels' || key === 'annotations' || key === 'matchLabels';
  const isAmount = key === 'requests' || key === 'limits';
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (
        inner === null ||
        inner === undefined ||
        (!isFree && Object.hasOwn(defaults, name) && defaults[name] === inner)
      )
        return [];
      if (isAmount) return [[name, quantity(inner) ?? inner]];
      const kept = plain(inner, name);
      // An emptyDir is empty and says which volume it is.
      return isRecord(kept) && Object.keys(kept).length === 0 && name !== 'emptyDir' ? [] : [[name, kept]];
    }),
  );
}
