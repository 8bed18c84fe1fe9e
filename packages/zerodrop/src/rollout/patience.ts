import { appliedSince, type Failure, failuresOf, makePersistence } from './failures.ts';
import type { Awaited } from './rolled-out.ts';
import type { RolloutState } from './watch.ts';

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
