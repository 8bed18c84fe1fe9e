import type { ApplicationObservation, DeploymentObservation, PodState } from '../../rollout/watch.ts';
import type { Asked, PlayNumbers } from '../cluster.ts';
import type { ClientKind, LongLivedKind } from '../load/schedule.ts';
import type { Foretold } from '../manifests/rehearsed.ts';
import type { PlayedSettings } from '../manifests/rehearsed.ts';

/**
 * report.json. Names that are here stay as they are; new ones may be added without a new schema number.
 *
 * `atMs` and `committedAtMs` count from the start of the play, every `...AfterMs` from the rollout's push. All in milliseconds.
 */
export interface Report extends Figures {
  readonly schema: 1;
  /** `embedded`, or `context:NAME`. */
  readonly target: string;
  readonly settings: PlayedSettings;
  /** The name of the scene that was played. */
  readonly scene: string;
  /** `inconclusive` where the machine, and not what was played, may be at fault. */
  readonly verdict: 'passed' | 'failed' | 'inconclusive';
  /** Why the verdict is no: a sentence, and below it what the cluster and the pod said, a line each. Empty when it is yes. */
  readonly reasons: readonly string[];
  /** All that was looked at: the same reasons, by what they are about. */
  readonly checks: readonly Check[];
  /** Why the verdict is neither yes nor no, in sentences: what can't be trusted of this run. */
  readonly doubts: readonly string[];
  /** What the service was asked, and where the version of an answer was known from. */
  readonly asked: Asked;
  /** What was played, what is committed, and the lag of the endpoints. */
  readonly numbers: PlayNumbers;
  /** An answer that takes longer counts as lost. */
  readonly slowMs: number;
  /** What was lost as the scene allows it, and why it does; none of it is a reason against the play. */
  readonly allowed: { readonly requests: number; readonly said: readonly string[] };
  /** Which outage would have been missed; null where nothing was rolled out. */
  readonly detection: Detection | null;
  /** What long-lived clients did; absent where there were none. */
  readonly longLived?: readonly LongLivedFigures[];
  /** What does not change the verdict and is worth knowing. */
  readonly warnings: readonly string[];
  /** What the target stores and can't run, as `Kind/name`. */
  readonly notRun: readonly string[];
  /** The same play without its drain, or with the settings of the original: it must lose requests, or the rehearsal proves nothing. */
  readonly control: Control | null;
}

/** What one kind of long-lived client did. What was open at the end of the play is not counted. */
export interface LongLivedFigures {
  readonly kind: LongLivedKind;
  /** What was asked, how often and for how long, in words. */
  readonly asked: string;
  readonly ended: number;
  readonly lost: number;
  /** Streams and sockets that ended without their protocol's end, where these are not lost (`--closed-early told`). */
  readonly closedEarly: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Those that ended at a pod that had been told to end; null where no answer names its pod. */
  readonly afterSigterm: number | null;
}

/** One thing that a play is judged by. It holds where there is no reason against it. */
export interface Check {
  /** Such as `no request is lost`. */
  readonly name: string;
  readonly reasons: readonly string[];
}

/** Which outage of one endpoint, that refuses new connections for a while in a rollout, a play would have missed. */
export interface Detection {
  /** The most endpoints that took new connections at the same time. */
  readonly endpoints: number;
  /** As they were sent while rollouts ran. */
  readonly newConnectionsPerSecond: number;
  /** The probability, from 0 to 1, that an outage of so long met no request. */
  readonly missed: readonly { readonly outageMs: number; readonly probability: number }[];
  /** From this long on an outage is missed with a probability of at most 1 %. */
  readonly seenFromMs: number;
}

export interface Control extends Figures {
  readonly settings: PlayedSettings;
  readonly requests: number;
  readonly failed: number;
}

/** What was counted in one play. */
export interface Figures {
  readonly durationMs: number;
  readonly clients: readonly ClientFigures[];
  /** What was answered before the first push, which the rollouts are compared with. */
  readonly steady: { readonly requests: number; readonly latencyMs: Percentiles };
  /** Those that run under load. The first deployment does not: the timeline has its marks. */
  readonly rollouts: readonly RolloutFigures[];
  readonly timeline: readonly TimelineEntry[];
}

/** One kind of client over the whole play. */
export interface ClientFigures {
  readonly kind: ClientKind;
  /** Requests per second. */
  readonly rate: number;
  readonly sent: number;
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  /** From when a request was due to its right answer. A failed request has none. */
  readonly latencyMs: Percentiles;
  /** How late the client itself sent what was due. */
  readonly latenessMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** One rollout from its push to the next one's. */
export interface RolloutFigures {
  readonly name: string;
  readonly revision: string;
  readonly from: string | null;
  readonly to: string;
  /** With an autoscaler, the pods that were due when the fewest of them were ready. */
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly committedAtMs: number;
  readonly syncedAfterMs: number | null;
  readonly firstAnswerAfterMs: number | null;
  readonly completeAfterMs: number | null;
  readonly lastOldPodGoneAfterMs: number | null;
  /** The time within which the rollout is expected to be complete, from its sync. */
  readonly boundMs: number;
  /** What was forecast, from its sync. */
  readonly forecast?: Foretold;
  /** What a step of a scene that is no whole rollout waited for, in words, and when that came. */
  readonly reached?: { readonly what: string; readonly afterMs: number | null };
  readonly requests: number;
  readonly failed: number;
  readonly latencyMs: Percentiles;
  /** Right answers later than `slowMs`. */
  readonly slow: number;
  /** The longest time in which one kind of client got no right answer. */
  readonly longestGapMs: number;
  /** Null where no pod and no endpoint was ever seen. */
  readonly minimumReadyPods: number | null;
}

export type TimelineEntry = { readonly atMs: number } & (Mark | Seen | Second);

/** A moment in a rollout. `first deployment` is among the rollouts here. */
export interface Mark {
  readonly kind: 'mark';
  readonly mark: 'commit' | 'synced' | 'first answer' | 'complete' | 'last old pod gone';
  readonly rollout: string;
  /** What the rollout brings. */
  readonly version: string;
}

/** What the cluster showed, with versions in place of images. */
export type Seen =
  | { readonly kind: 'pods'; readonly pods: readonly SeenPod[] }
  | { readonly kind: 'endpoints'; readonly ready: number }
  | ({ readonly kind: 'deployment'; readonly version: string } & SeenDeployment)
  | ({ readonly kind: 'application' } & Omit<ApplicationObservation, 'healthSince' | 'phaseStartedAt'>)
  | { readonly kind: 'warning'; readonly object: string; readonly reason: string; readonly message: string };

type SeenDeployment = Omit<DeploymentObservation, 'image' | 'replicaSet' | 'failedAt' | 'hindrance'>;

export interface SeenPod {
  readonly name: string;
  readonly replicaSet: string;
  readonly version: string;
  readonly state: PodState;
}

/** The requests that were due within one second of the load, or within what was left of it. */
export interface Second {
  readonly kind: 'requests';
  readonly durationMs: number;
  /** Right answers by the version that gave them. */
  readonly answers: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly latencyMs: Percentiles;
  readonly failures: Readonly<Record<string, number>>;
}
