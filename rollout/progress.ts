import type { Standing } from './standing.ts';

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
  note(standing: Standing): Step;
}

/** Starts with a rollout that has come nowhere. */
export function makeProgress(): Progress {
  let furthest: Reached | null = null;
  return {
    note(standing) {
      const now = reached(standing);
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

function reached({ deployment, pods }: Standing): Reached {
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
