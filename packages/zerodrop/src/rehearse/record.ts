import type { Observed } from '../rollout/watch.ts';
import type { Sample } from './load/sample.ts';
import type { RehearsalOptions } from './options.ts';

/** One rollout as it was played. Times are milliseconds since the epoch; null where the play never got there. */
export interface PlayedRollout {
  /** `first deployment`, `release` or `revert`. */
  readonly name: string;
  readonly revision: string;
  readonly from: string | null;
  readonly to: string;
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** The time within which the rollout is expected: see manifests/timing.ts. */
  readonly boundMs: number;
  readonly pushedAt: number;
  readonly syncedAt: number | null;
  readonly completeAt: number | null;
  readonly lastOldPodGoneAt: number | null;
  /** Why the wait for it ended early: the object, the reason and the last words of the pod. */
  readonly failure: string | null;
}

/** All that a play leaves behind: what was asked, what the cluster did, and every single request. */
export interface PlayRecord {
  readonly target: string;
  /** `ours`, or the baseline's name. */
  readonly settings: 'ours' | 'original';
  /** Requests per second of each client kind. */
  readonly rate: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Image reference to the version that is baked into it. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rollouts: readonly PlayedRollout[];
  readonly observed: readonly Observed[];
  readonly samples: readonly Sample[];
}

/** The two versions of a play, as their images answer: the one that is first and comes back, and the one in between. */
export function playedVersions({ context }: RehearsalOptions): readonly [string, string] {
  if (context === null || !('given' in context.images)) return ['v1', 'v2'];
  const [first, second] = context.images.given;
  return [first.version, second.version];
}
