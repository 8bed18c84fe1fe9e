import { appliedSince, lookAgainMs, makePatience } from '../rollout/patience.ts';
import {
  type Awaited,
  isComplete,
  isImage,
  isLastOldPodGone,
  type Observed,
  type RolloutState,
  type Watch,
} from '../rollout/watch.ts';
import type { Expected } from './expected.ts';
import type { Lineage } from './expected.ts';
import type { Objection } from './probe.ts';

/** How a rollout ended that was followed. */
export type Ending =
  | { readonly kind: 'rolled-out'; readonly expected: Expected; readonly isSuperseded: boolean }
  | {
      readonly kind: 'failed';
      readonly expected: Expected;
      readonly isSuperseded: boolean;
      readonly reason: string;
      /** It got further until the time was over: nothing is wrong with it that we know of. */
      readonly isUnderWay: boolean;
    };

/** What the history has to say while a rollout is followed. */
export interface History {
  lineage(awaited: string, found: string): Promise<Lineage>;
  /** What tells whether two commits have the same manifests; null where there are none. */
  manifestsAt(commit: string): Promise<string | null>;
  /** Null where that commit has no such Deployment. */
  expectedAt(commit: string): Promise<Expected | null>;
}

const askHistoryAgainMs = 5_000;

/**
 * Follows a commit until what it brings is rolled out, or fails. The branch may go on meanwhile, and Argo CD never see that commit: a later
 * one is followed in its place. Throws when the watch's signal says to stop.
 *
 * @param withinMs how long it is waited for; null for as long as it gets further within what the manifests let one step take
 * @param lastAt when it ends, whatever comes meanwhile, by Date.now
 */
export async function follow(
  watch: Watch,
  first: Expected,
  history: History,
  withinMs: number | null,
  lastAt: number,
): Promise<Ending> {
  let expected = first;
  let isSuperseded = false;
  /** The other commits that git was asked about, and whether they bring the same. */
  const asked = new Map<string, boolean>();
  const bringsSame = (commit: string): boolean => asked.get(commit) === true;
  let patience = makePatience(Date.now(), bringsSame);
  let endsAt = withinMs === null ? lastAt : Math.min(lastAt, Date.now() + withinMs);
  const failed = (reason: string, isUnderWay = false): Ending => {
    return { kind: 'failed', expected, isSuperseded, reason, isUnderWay };
  };
  for (;;) {
    const awaited = expected;
    const stallsAt = withinMs === null ? patience.movedAt() + awaited.patienceMs : Infinity;
    const leftMs = Math.min(endsAt, stallsAt) - Date.now();
    if (leftMs <= 0) return failed(stuck(watch.state(), awaited), withinMs === null && endsAt < stallsAt);
    const decided = await watch.until<Judgement | { readonly kind: 'failing'; readonly reason: string }>(
      (state) => {
        const failure = patience.look(state, awaited, Date.now());
        const judgement = judge(state, awaited, asked);
        return judgement ?? (failure === null ? null : { kind: 'failing', reason: failure.reason });
      },
      Math.min(leftMs, lookAgainMs),
    );
    if (decided === null) continue;
    const judgement = decided.value;
    if (judgement.kind === 'rolled-out') return { kind: 'rolled-out', expected, isSuperseded };
    if (judgement.kind === 'failing') return failed(judgement.reason);
    const found = judgement.commit;
    const where = await history.lineage(expected.commit, found);
    if (where === 'unknown' && judgement.isCompared) {
      await watch.until(() => null, Math.min(leftMs, askHistoryAgainMs));
      continue;
    }
    const isSame = where !== 'unknown' && (await history.manifestsAt(found)) === expected.manifests;
    if (where !== 'later') {
      asked.set(found, isSame);
      continue;
    }
    const there = await history.expectedAt(found);
    if (there === null) return failed(`Commit ${found.slice(0, 7)} came after it and removes the service.`);
    if (isSame) {
      asked.set(expected.commit, true);
    } else {
      isSuperseded = true;
      asked.clear();
      patience = makePatience(Date.now(), bringsSame);
      if (withinMs !== null) endsAt = Math.min(lastAt, Date.now() + withinMs);
    }
    expected = there;
  }
}

/** What can be said of a rollout by one look at it. */
export type Judgement =
  | { readonly kind: 'rolled-out' }
  /** Argo CD has compared the cluster with another commit, or synced one, and git was not asked yet what that one brings. */
  | { readonly kind: 'elsewhere'; readonly commit: string; readonly isCompared: boolean };

/**
 * Judges a state by what is expected; null to wait.
 *
 * @param asked the other commits that git was asked about, and whether they bring the same
 */
export function judge(state: RolloutState, expected: Expected, asked: ReadonlyMap<string, boolean>): Judgement | null {
  const { revision = null, phaseRevision = null } = state.application ?? {};
  const seen = [revision, phaseRevision].filter((at) => at !== null);
  const elsewhere = seen.find((at) => at !== expected.commit && !asked.has(at));
  if (elsewhere !== undefined) {
    return { kind: 'elsewhere', commit: elsewhere, isCompared: elsewhere === revision };
  }
  const isRolledOut = isComplete(state, expected) && isLastOldPodGone(state, expected);
  return isRolledOut ? { kind: 'rolled-out' } : null;
}

/** Where a rollout is, in the words of a line of progress. */
export function progress({ application, deployment, pods }: RolloutState, { only }: Pick<Expected, 'only'>): string {
  if (application === null && only !== 'deployment') return 'the Application does not exist';
  const ending = pods.filter(({ state }) => state === 'terminating').length;
  return [
    ...(application === null
      ? []
      : [`${application.sync} at ${application.revision?.slice(0, 7) ?? 'no commit yet'}`, application.health]),
    ...(only === 'application' ? [] : [replicas(deployment)]),
    ...(ending === 0 ? [] : [`${ending} terminating`]),
  ].join(', ');
}

function replicas(deployment: RolloutState['deployment']): string {
  if (deployment === null) return 'no Deployment';
  return `${deployment.updated} updated and ${deployment.available} available of ${deployment.replicas}`;
}

/** Where a rollout is that did not complete in time. */
export function stuck(state: RolloutState, expected: Expected): string {
  const { application, deployment } = state;
  if (application === null && expected.only !== 'deployment') {
    return 'Argo CD has no Application for it. Check that it is committed, and that the app of apps or the ApplicationSet that makes it is synced.';
  }
  const hindrance = deployment?.hindrance;
  const conditions = (application?.conditions ?? []).map(({ type, message }) => `Argo CD reports ${type}: ${message}`);
  return [
    `Commit ${expected.commit.slice(0, 7)} is not rolled out yet: ${progress(state, expected)}.`,
    ...(hindrance === undefined ? [] : [`${hindrance}.`]),
    ...conditions,
  ].join(' ');
}

/** Asking Argo CD for a look at git, over and over. */
export interface Refreshing {
  /** What the last call met with; null where it went well. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/** Waits so long, and ends early and without an error when the signal says to stop. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A push is seen by polling after minutes; and after a restart Argo CD stays where it was until somebody asks. */
const everyMs = 5_000;

/** Asks at once and every few seconds, until told to stop. A call that fails is told and made again: its cause may pass. */
export function refreshAgainAndAgain(ask: () => Promise<void>, pause: Pause): Refreshing {
  const stopped = new AbortController();
  let trouble: string | null = null;
  const keepOn = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      trouble = await ask().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      await pause(everyMs, stopped.signal);
    }
  };
  const ended = keepOn();
  return {
    trouble: () => trouble,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

/** Whether a rollout has begun: what waits for its sync has not, also where it brings the image that is there. */
export function hasBegun(state: Omit<RolloutState, 'pods'>, awaited: Awaited): boolean {
  if (state.deployment === null || !isImage(state.deployment, awaited)) return false;
  return appliedSince({ ...state, pods: [] }, awaited, () => false) !== null;
}

/** From how many times the most that was forecast a rollout that is complete counts as failed. */
const tooLateTimes = 3;
/** And by how much longer, in milliseconds: a node that an autoscaler adds takes a minute or two. */
const leastLateMs = 120_000;

/** What speaks against a rollout that is complete now, and took far longer than forecast; null where nothing does. */
export function lateness(observed: readonly Observed[], expected: Expected, completeAt: number): Objection | null {
  const { slowestMs } = expected;
  let state: Pick<RolloutState, 'application' | 'deployment'> = { application: null, deployment: null };
  const begun = observed.find((seen) => {
    if (seen.kind === 'application') state = { ...state, application: seen };
    if (seen.kind === 'deployment') state = { ...state, deployment: seen };
    return hasBegun(state, expected);
  });
  if (begun === undefined || slowestMs === undefined) return null;
  const tookMs = completeAt - begun.at;
  if (tookMs < tooLateTimes * slowestMs || tookMs < slowestMs + leastLateMs) return null;
  const [took, forecast] = [tookMs, slowestMs].map((ms) => Math.round(ms / 1_000));
  return {
    kind: 'late',
    says: `It is rolled out, but took ${took} s where at most ${forecast} s were forecast. Look at what its pods waited for: nodes, images, or a program that starts slowly, which a startupProbe allows for.`,
  };
}
