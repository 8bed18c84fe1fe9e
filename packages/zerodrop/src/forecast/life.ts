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
export interface ProbePlan {
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

/** Where between the least and the most a run is, and what is left to chance in it. */
export interface Draw {
  /** 0 for the least of every range, 1 for the most. */
  readonly share: number;
  random(): number;
}

export function drawn([low, high]: Range, { share }: Draw): number {
  return low + share * (high - low);
}

/** The life of one pod, in milliseconds of the rollout; Infinity for what never comes. */
export interface Life {
  readonly version: 'old' | 'new';
  readonly node: number;
  readonly createdAt: number;
  /** Its program answers from here on. */
  readonly listensAt: number;
  readonly readyAt: number;
  readonly availableAt: number;
  readonly deletedAt: number;
  /** It takes no new requests from here on. */
  readonly closesAt: number;
  /** Its processes have ended, and what was open has ended with them. */
  readonly endedAt: number;
  /** Its object is gone. */
  readonly goneAt: number;
}

/** A kubelet looks at its containers once a second (kubernetes/pkg/kubelet/kubelet.go, `genericPlegRelistPeriod`). */
const relistMs = 1_000;
/**
 * What a controller, the scheduler and a kubelet take to see a change, each at the most: 3 to 30 ms on an embedded cluster that does nothing
 * else, and up to 150 ms on one whose machine is busy, and on the lab.
 */
const mostSeenMs: Range = [30, 150];

/** The kubelets of a cluster, each with a beat of its own. */
export class Kubelets {
  readonly #phases: readonly number[];
  readonly #inputs: Inputs;
  readonly #draw: Draw;
  #next = 0;

  constructor(inputs: Inputs, draw: Draw) {
    this.#inputs = inputs;
    this.#draw = draw;
    this.#phases = Array.from({ length: Math.max(1, inputs.nodes) }, () => draw.random() * relistMs);
  }

  /** A pod that has served since before the rollout. */
  old(): Life {
    return {
      ...nothing,
      version: 'old',
      node: this.#place(),
      createdAt: -Infinity,
      listensAt: -Infinity,
      readyAt: -Infinity,
      availableAt: -Infinity,
    };
  }

  /** Creates a pod; on this node, or on the next one. */
  create(version: Life['version'], plan: PodPlan, at: number, node = this.#place()): Life {
    const createdAt = at + this.#seen();
    const startMs = drawn(this.#inputs.containerStartMs, this.#draw);
    const startsAt =
      createdAt + this.#seen() + drawn(this.#inputs.imagePullMs, this.#draw) + startMs * (1 + plan.initContainers);
    const listensAt = startsAt + drawn(this.#inputs.startupMs, this.#draw);
    const runningAt = this.#beat(node, startsAt);
    const readyAt = Math.max(
      ...plan.containers.map((one) => containerReadyAt(one, { createdAt, startsAt, runningAt, listensAt })),
      runningAt,
    );
    return { ...nothing, version, node, createdAt, listensAt, readyAt, availableAt: readyAt + plan.minReadyMs };
  }

  /** Tells a pod to end. What it has open may take from nothing to the longest request. */
  remove(life: Life, plan: PodPlan, at: number): Life {
    const deletedAt = at + this.#seen();
    const { longestRequestMs, endsAtOnce } = this.#inputs;
    const closesAt = deletedAt + plan.openMs;
    const openMs = endsAtOnce ? 0 : drawn([0, longestRequestMs], this.#draw);
    const endedAt = Math.min(closesAt + openMs, deletedAt + plan.graceMs);
    return { ...life, deletedAt, closesAt, endedAt, goneAt: this.#beat(life.node, endedAt) + this.#seen() };
  }

  #place(): number {
    this.#next = (this.#next + 1) % this.#phases.length;
    return this.#next;
  }

  #seen(): number {
    return this.#draw.random() * drawn(mostSeenMs, this.#draw);
  }

  /** When a kubelet next looks at its containers. */
  #beat(node: number, at: number): number {
    return nextTick(this.#phases[node] ?? 0, relistMs, at);
  }
}

const nothing = { deletedAt: Infinity, closesAt: Infinity, endedAt: Infinity, goneAt: Infinity };

interface Start {
  readonly createdAt: number;
  readonly startsAt: number;
  readonly runningAt: number;
  readonly listensAt: number;
}

/**
 * When a container counts as ready; Infinity where its probes end it before it answers. A readiness probe is asked as soon as the kubelet
 * sees the container run, or has started, and then in its period (kubernetes/pkg/kubelet/prober/prober_manager.go, `UpdatePodStatus`).
 */
function containerReadyAt(
  { startup, readiness, liveness }: ContainerPlan,
  { createdAt, startsAt, runningAt, listensAt }: Start,
): number {
  let from = runningAt;
  if (startup !== null) {
    const first = nextTick(createdAt, startup.periodMs, Math.max(runningAt, startsAt + startup.delayMs));
    from = nextTick(createdAt, startup.periodMs, Math.max(first, listensAt));
    if (from - first >= startup.failures * startup.periodMs) return Infinity;
  } else if (liveness !== null) {
    const lastAt = startsAt + liveness.delayMs + liveness.failures * liveness.periodMs;
    if (listensAt >= lastAt) return Infinity;
  }
  if (readiness === null) return from;
  const asked = nextTick(from, readiness.periodMs, Math.max(from, listensAt, startsAt + readiness.delayMs));
  return asked + (readiness.successes - 1) * readiness.periodMs;
}

/** The first of the ticks `from + n * period` that is not before a time. */
function nextTick(from: number, period: number, at: number): number {
  return from + Math.max(0, Math.ceil((at - from) / period)) * period;
}
