import {
  type ApplicationObservation,
  type Awaited,
  type DeploymentObservation,
  hasTemplate,
  isImage,
  type PodObservation,
  type RolloutState,
} from './watch.ts';

/** Something that fails at this moment. Whoever makes it fail tries again, so it is no verdict by itself. */
export interface Failure {
  /** What fails, such as `Pod web-1`: the same failure has the same name from one look to the next. */
  readonly subject: string;
  readonly reason: string;
  /** How often it has failed and was tried again, where that is counted. */
  readonly restarts: number;
}

/**
 * When Argo CD began to apply what a commit says, by the cluster's clock, in milliseconds since the epoch. -Infinity where it
 * applied it in an earlier operation, so that nothing can be older; null while it has not applied it.
 *
 * @param bringsSame whether another commit has the same manifests
 */
export function appliedSince(
  { application, deployment }: RolloutState,
  { commit, image, only }: Awaited,
  bringsSame: (commit: string) => boolean,
): number | null {
  if (only === 'deployment') return deployment !== null && isImage(deployment, { image }) ? -Infinity : null;
  if (application === null) return null;
  const { phaseRevision, phaseStartedAt = -Infinity, sync, revision } = application;
  if (phaseRevision !== null && (phaseRevision === commit || bringsSame(phaseRevision))) return phaseStartedAt;
  return sync === 'Synced' && revision === commit ? -Infinity : null;
}

/**
 * What fails now and is of the commit. Pods and conditions that the sync of the commit found in the cluster are not: a commit that
 * mends a configuration has the image of the one that broke it, and is not to be judged by that one's pods.
 *
 * @param since see {@link appliedSince}
 */
export function failuresOf(state: RolloutState, awaited: Awaited, since: number | null): readonly Failure[] {
  const { application, deployment } = state;
  const argo = application === null ? [] : refusals(application, awaited, since);
  if (since === null || deployment === null || !hasTemplate(deployment, awaited)) return argo;
  return [...argo, ...missedDeadline(deployment, since), ...failingPods(state, deployment, since)];
}

function failingPods({ pods }: RolloutState, { replicaSet }: DeploymentObservation, since: number): readonly Failure[] {
  return pods
    .filter((pod) => pod.state === 'failed' && pod.replicaSet === replicaSet && isSince(pod, since))
    .map(({ name, image, failure, restarts = 0 }) => ({
      subject: `Pod ${name}`,
      reason: `Pod ${name} of ${image} fails${failure === undefined ? '' : `: ${failure}`}.`,
      restarts,
    }));
}

/** The pod was made by the sync or after it, or what crashed in it began after: it read the configuration anew. */
function isSince({ createdAt = Infinity, endedRunBeganAt = -Infinity }: PodObservation, since: number): boolean {
  return createdAt >= since || endedRunBeganAt > since;
}

function missedDeadline({ failure, failedAt = Infinity }: DeploymentObservation, since: number): readonly Failure[] {
  if (failure === null || failedAt < since) return [];
  return [{ subject: 'Deployment', reason: `The Deployment reports ${failure}.`, restarts: 0 }];
}

function refusals(
  { conditions, phase, phaseRevision, message, health, healthSince = Infinity, revision }: ApplicationObservation,
  { commit }: Awaited,
  since: number | null,
): readonly Failure[] {
  const failed = (phase === 'Failed' || phase === 'Error') && phaseRevision === commit;
  const degraded = health === 'Degraded' && revision === commit && since !== null && healthSince >= since;
  return [
    ...conditions
      .filter(({ type }) => type.endsWith('Error'))
      .map(({ type, message: words }) => argoFailure(type, `Argo CD reports ${type}: ${words}`)),
    ...(failed ? [argoFailure('sync', `Argo CD's sync ended ${phase}: ${message ?? 'without a message'}`)] : []),
    ...(degraded ? [argoFailure('health', 'Argo CD reports the application as Degraded.')] : []),
  ];
}

function argoFailure(subject: string, reason: string): Failure {
  return { subject: `Argo CD ${subject}`, reason, restarts: 0 };
}

/**
 * How long something has to go on failing until it is a verdict, in milliseconds. Argo CD is asked to look again four times
 * meanwhile, and the kubelet pulls an image again after 10 s (kubernetes/pkg/kubelet, image back-off). The old pods serve all the
 * while, so that waiting costs nothing, and a wrong revert does.
 */
export const persistsMs = 20_000;

/** Remembers what fails and for how long. */
export interface Persistence {
  /** Takes what fails now; the failure that has persisted, or null. Time is in milliseconds, by one clock. */
  note(failures: readonly Failure[], now: number): Failure | null;
  /** Something got further: what fails has to persist anew. */
  reset(): void;
}

interface Entry {
  readonly since: number;
  readonly restarts: number;
}

/** Starts with nothing that fails. */
export function makePersistence(): Persistence {
  const entries = new Map<string, Entry>();
  let failing: ReadonlySet<string> = new Set();
  return {
    note(failures, now) {
      for (const { subject, restarts } of failures) {
        const before = entries.get(subject);
        // A crash loop runs between its crashes: a failure that comes back with more restarts was never over.
        const goesOn = before !== undefined && (failing.has(subject) || restarts > before.restarts);
        entries.set(subject, { since: goesOn ? before.since : now, restarts });
      }
      failing = new Set(failures.map(({ subject }) => subject));
      return failures.find(({ subject }) => now - (entries.get(subject)?.since ?? now) >= persistsMs) ?? null;
    },
    reset() {
      entries.clear();
      failing = new Set();
    },
  };
}

/** How far the replacement of pods is. */
interface Reached {
  readonly replicaSet: string | null;
  readonly replicas: number;
  /** Pods of the newest ReplicaSet. */
  readonly created: number;
  readonly ready: number;
  /** Pods of older ReplicaSets, and those that are terminating. */
  readonly left: number;
}

/** Which way a rollout went between two looks: `none`, `started` where only more was begun, `ready` where a pod became ready or an old one left. */
export type Step = 'none' | 'started' | 'ready';

/** Remembers the furthest that a rollout has come, so that a pod which is ready now and then is no progress. */
export interface Progress {
  note(state: RolloutState): Step;
}

/** Starts with a rollout that has come nowhere. */
export function makeProgress(): Progress {
  let furthest: Reached | null = null;
  return {
    note(state) {
      const now = reached(state);
      const before = furthest;
      if (before === null || before.replicaSet !== now.replicaSet) {
        furthest = now;
        return 'started';
      }
      // An autoscaler has changed the goal in mid-rollout: what counts begins from here.
      if (before.replicas !== now.replicas) {
        furthest = now;
        return 'none';
      }
      furthest = {
        ...now,
        created: Math.max(before.created, now.created),
        ready: Math.max(before.ready, now.ready),
        left: Math.min(before.left, now.left),
      };
      if (furthest.ready > before.ready || furthest.left < before.left) return 'ready';
      return furthest.created > before.created ? 'started' : 'none';
    },
  };
}

function reached({ deployment, pods }: RolloutState): Reached {
  const replicaSet = deployment?.replicaSet ?? null;
  const current = pods.filter((pod) => pod.state !== 'terminating' && pod.replicaSet === replicaSet);
  return {
    replicaSet,
    replicas: deployment?.replicas ?? 0,
    created: current.length,
    ready: current.filter(({ state }) => state === 'ready').length,
    left: pods.length - current.length,
  };
}

/** What fails becomes a verdict by time alone: a rollout is looked at this often also when nothing changes, in milliseconds. */
export const lookAgainMs = 1_000;

/** Decides how long a rollout is waited for: as long as it gets further, and nothing fails for good. */
export interface Patience {
  /** Takes one look, at a time of our own clock in milliseconds. Returns what has failed for so long that it is a verdict. */
  look(state: RolloutState, awaited: Awaited, now: number): Failure | null;
  /** When the rollout last got further, by the same clock. */
  movedAt(): number;
}

/**
 * Begins to wait.
 *
 * @param bringsSame whether another commit has the same manifests as the awaited one, so that its sync counts as that one's
 */
export function makePatience(now: number, bringsSame: (commit: string) => boolean = () => false): Patience {
  const persistence = makePersistence();
  const progress = makeProgress();
  let movedAt = now;
  let firstSince = Infinity;
  let isApplied = false;
  // Argo CD syncs the same commit again when somebody changes an object by hand: the first sync is the one that counts.
  const since = (state: RolloutState, awaited: Awaited): number | null => {
    const applied = appliedSince(state, awaited, bringsSame);
    if (applied === null || applied === -Infinity) return applied;
    firstSince = Math.min(firstSince, applied);
    return firstSince;
  };
  return {
    look(state, awaited, at) {
      const step = progress.note(state);
      const appliedAt = since(state, awaited);
      if (step !== 'none' || (!isApplied && appliedAt !== null)) movedAt = at;
      isApplied ||= appliedAt !== null;
      if (step === 'ready') persistence.reset();
      return persistence.note(failuresOf(state, awaited, appliedAt), at);
    },
    movedAt: () => movedAt,
  };
}
