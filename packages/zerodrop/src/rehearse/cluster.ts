import { OperationError } from '../errors.ts';
import type { ProcessOptions } from '../program.ts';
import type { Observe, Observed } from '../rollout/watch.ts';
import type { Named } from './embedded/argo-cd/application.ts';
import type { ImageRequest } from './kubernetes/build.ts';
import type { Disturbances } from './kubernetes/disturb.ts';
import type { Calibration } from './load/load.ts';
import type { ServiceRequest } from './load/request.ts';
import type { LongLived, LongLivedOrder, Sample, SaidLongLived } from './load/schedule.ts';
import type { Changes } from './manifests/changes.ts';
import type { Foretold, PlayedNumbers, PlayedSettings, Rehearsed } from './manifests/rehearsed.ts';
import type { RehearsalOptions } from './options.ts';
import type { OwnService } from './own-service.ts';
import type { Scratch } from './scratch.ts';

/** A cluster with an Argo CD, or what stands for it, to rehearse on. */
export interface RehearsalCluster {
  /** `embedded`, or `context:NAME`. */
  readonly name: string;
  /** The proxy of an L7 load balancer that requests pass; null where connections are handed on. */
  readonly proxy: string | null;
  /** The certificate that clients have to trust, in PEM; absent where that is none of its own. */
  readonly authority?: string;
  /** Builds the scratch clone's service and publishes it; returns the pinned reference, `name:tag@sha256:...`. */
  publish(image: ImageRequest): Promise<string>;
  /** Starts to follow the repository's main, and to tell what happens. */
  follow(): Promise<void>;
  /** Brings a commit that was pushed to the scratch remote to where the cluster looks for it. */
  deliver(commit: string): Promise<void>;
  /** The image of the pod that a connection from this port of ours had reached at a time; null where that is not known. */
  answeredBy?(port: number, at: number): string | null;
  /** Asks for a look at the repository now: what a webhook does for a real one. */
  refresh(): Promise<void>;
  /** Where the service is reached, as `http://host:port`. Throws where it can't be reached yet. */
  url(): Promise<string>;
  /** Sets how many pods the Deployment has, as an autoscaler does that follows a metric. */
  scale(replicas: number): Promise<void>;
  /** What else can be done to it, to rehearse with. */
  readonly disturb: Disturbances;
  /** The last words of a pod: events and log lines that explain a failure. */
  explain(): Promise<string>;
  /** Takes everything down: processes, ports, objects. Safe to call at any moment, and twice. */
  close(): Promise<void>;
}

/** What the manifests must say so that a cluster reads them: its repository, and what of them is another there. */
export interface Place extends Pick<Changes, 'expose'> {
  readonly repository: string;
  /** Null to keep the committed one. */
  readonly namespace: string | null;
}

/** One side of a play in a working copy of its own, with the manifests as they are played. */
export interface PlayedSide {
  readonly directory: string;
  /** The commit that it was made from. */
  readonly revision: string;
  readonly rehearsed: Rehearsed;
  /** What runs in its pods in the place of the images, and the working copy that it is in; null for what the options say. */
  readonly program: { readonly folder: string; readonly commands: OwnService['commands'] } | null;
}

/** What a play begins with and goes back to, and what it releases in between: one and the same unless a change is played. */
export interface PlayedSides {
  readonly before: PlayedSide;
  readonly after: PlayedSide;
}

/** What a cluster is opened with. */
export interface ClusterRequest {
  readonly options: RehearsalOptions;
  readonly scratch: Scratch;
  readonly repository: Repository;
  /** The folder of the Application that is played. */
  readonly applications: string;
  /** The name of the Deployment. */
  readonly service: string;
  /** A folder of the play's own. */
  readonly folder: string;
  /** The user's environment, which git and the builder are configured by. */
  readonly environment: NodeJS.ProcessEnv;
  /** Writes the manifests of each side as they must be on this cluster. Called once. */
  write(place: Place): Promise<PlayedSides>;
  readonly observe: Observe;
  /** Tells a person what happens. */
  say(what: string): void;
  readonly signal: AbortSignal;
}

/** What a rehearsal can't read from a repository's manifests, and is told by whoever starts it. */
export interface Repository {
  /** How the command is called, such as `zerodrop rehearse`. */
  readonly command: string;
  /** The folder of Argo CD's Applications and their AppProjects: the one that has what is named, where there are several. */
  applications(directory: string, named: Named): Promise<string>;
  /** The variable by which a container is told its drain, in milliseconds; null where a preStop hook sleeps instead. */
  readonly drainVariable: string | null;
  /** The environment that is rehearsed where none is named, of a service where one is; null for the first Application by name. */
  firstEnvironment(directory: string, service: string | null): Promise<string | null>;
  /**
   * Brings the manifests of an Application in a clone to where they can be rolled out, where they have no Deployment yet: makes its
   * first release, whatever the image.
   */
  prepare(application: string, clone: ProcessOptions): Promise<void>;
  /** What the image of the service that is asked for is made of, from the root; absent where nobody knows. */
  sources?(directory: string, named: Named): Promise<readonly string[]>;
  /** Builds the clone's service as one JavaScript file that Node.js runs, for the embedded cluster. */
  build(image: ImageRequest, out: string, clone: ProcessOptions): Promise<void>;
  /** What its service is asked; null for the usual request. */
  readonly request?: ServiceRequest | null;
  /** A request that takes as long as `{ms}` in it says; absent where there is none. */
  readonly slowRequest?: ServiceRequest;
  /** The variable that tells the service how long an open request may last once it is to end, in milliseconds. */
  readonly limitVariable?: string;
  /** What a real API server has against an object, a sentence each. */
  validate(object: unknown): readonly string[];
}

/** One rollout as it was played, or what else a step of a scene did. Times are milliseconds since the epoch; null where the play never got there. */
export interface PlayedRollout {
  /** `first deployment`, `release` or `revert`. */
  readonly name: string;
  readonly revision: string;
  readonly from: string | null;
  readonly to: string;
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** The time within which the rollout is expected: see manifests/rehearsed.ts. */
  readonly boundMs: number;
  /** What it is forecast to do, from its sync. */
  readonly forecast?: Foretold;
  readonly pushedAt: number;
  readonly syncedAt: number | null;
  readonly completeAt: number | null;
  readonly lastOldPodGoneAt: number | null;
  /** Why the wait for it ended early: the object, the reason and the last words of the pod. */
  readonly failure: string | null;
  /** What its step waited for, and when that came. A rollout that is to complete has none. */
  readonly reached?: Reached;
  /** What its scene allows it; nothing where it is not said. */
  readonly allowed?: Allowed;
}

/** What a step of a scene waited for, in words, and when that came; null where it did not. */
export interface Reached {
  readonly what: string;
  readonly at: number | null;
}

/** What a step of a scene may cost. */
export interface Allowed {
  readonly loses: 'nothing' | 'errors' | 'killed';
  /** How many pods must be ready at least. */
  readonly leastReady: number;
  /** The pod that was killed, how many shared its traffic, and how long an endpoint's change took to reach the traffic. */
  readonly killed?: { readonly pod: string; readonly of: number; readonly lagMs: number };
}

/** What the service was asked, in words. */
export interface Asked {
  readonly request: string;
  /** Where the version of an answer is known from; null where nothing tells. */
  readonly version: string | null;
}

/** What was played, what is committed, and how long an endpoint's change takes to reach the traffic. */
export interface PlayNumbers {
  readonly played: PlayedNumbers;
  readonly committed: PlayedNumbers;
  /** Those of the head, where a change is played: the others are the base's. */
  readonly head?: PlayedNumbers;
  /** Null on a real cluster, whose lag is its own. */
  readonly endpointLagMs: number | null;
  /** The proxy of an L7 load balancer that requests pass; null where connections are handed on. */
  readonly proxy: string | null;
  /** What sets the drain, such as `DRAIN_MS`. */
  readonly drainSetting: string;
}

/** All that a play leaves behind: what was asked, what the cluster did, and every single request. */
export interface PlayRecord {
  readonly target: string;
  readonly settings: PlayedSettings;
  /** The name of the scene that was played. */
  readonly scene: string;
  /** Requests per second of each client kind. */
  readonly rate: number;
  /** An answer that takes longer counts as lost. */
  readonly slowMs: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly numbers: PlayNumbers;
  readonly asked: Asked;
  /** Image reference to the version that is baked into it. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rollouts: readonly PlayedRollout[];
  readonly observed: readonly Observed[];
  readonly samples: readonly Sample[];
  /** What was broken on purpose before the first push; null where no load was sent. */
  readonly calibration: Calibration | null;
  /** Why nobody saw how the play went on, in a sentence; null where it was seen to its end. */
  readonly unseen?: string | null;
  /** What long-lived clients were to do, and how what they began ended; absent where there were none. */
  readonly longLived?: PlayedLongLived;
}

/** The long-lived clients of a play. What was open at its end is not among what ended. */
export interface PlayedLongLived extends Pick<SaidLongLived, 'closedEarly'> {
  readonly orders: readonly LongLivedOrder[];
  readonly ended: readonly LongLived[];
}

/** The two versions of a play, as their images answer: the one that is first and comes back, and the one in between. */
export function playedVersions({ context }: RehearsalOptions): readonly [string, string] {
  if (context === null || !('given' in context.images)) return ['v1', 'v2'];
  const [first, second] = context.images.given;
  return [first.version, second.version];
}

/** Something of a play could not be taken down: the sentence says what, and how to do it by hand. Told apart, because the verdict counts all the same. */
export class LeftBehind extends OperationError {
  override readonly name = 'LeftBehind';
}

/** Takes everything down in this order, whatever fails on the way. Throws {@link LeftBehind} with each reason. */
export async function takeAllDown(takeDowns: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const takeDown of takeDowns) {
    try {
      await takeDown();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  throw new LeftBehind(reasons.join('\n'), {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}
