import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../../errors.ts';
import { appliedSince, failuresOf, lookAgainMs, makePatience, type Patience } from '../../rollout/patience.ts';
import {
  type Awaited,
  hasTemplate,
  isComplete,
  isLastOldPodGone,
  isNew,
  isSynced,
  type RolloutState,
  type Watch,
} from '../../rollout/watch.ts';
import type { PlayedRollout, RehearsalCluster } from '../cluster.ts';
import { askOnce } from '../load/client.ts';
import type { ServiceRequest } from '../load/request.ts';
import type { Over } from '../load/schedule.ts';
import { notReadyMs, type Until, untilWords } from './scenes.ts';

/** How often the cluster is asked to look again: after a restart Argo CD stays where it was until somebody asks. */
const refreshEveryMs = 5_000;

/** A commit that was just pushed, or what else a step began with, and what is expected of it. */
export type Pushed = Omit<PlayedRollout, 'syncedAt' | 'completeAt' | 'lastOldPodGoneAt' | 'failure' | 'reached'>;

/**
 * Follows a pushed commit until its last old pod is gone, or until what its step waits for, or until something keeps failing, and then
 * says why in the cluster's own words. Throws where the cluster can't be asked any more, and when interrupted.
 */
export async function followRollout(
  cluster: RehearsalCluster,
  watch: Watch,
  pushed: Pushed,
  { awaited, until }: { readonly awaited: Awaited; readonly until: Until },
  withinMs: number,
  signal: AbortSignal,
): Promise<PlayedRollout> {
  const done = new AbortController();
  const asking = askAgainAndAgain(cluster, AbortSignal.any([signal, done.signal]));
  try {
    const givenUp = AbortSignal.any([signal, done.signal]);
    const follow = until === 'complete' ? followSteps : followUntil(until);
    const followed = follow(watch, pushed, awaited, withinMs, givenUp);
    followed.catch(() => undefined);
    // Asking ends only by its signal or with the reason why it can't go on.
    const played = await Promise.race([followed, asking.then(async () => followed)]);
    return played.failure === null ? played : { ...played, failure: await explained(cluster, played.failure) };
  } finally {
    done.abort();
    await asking;
  }
}

async function followSteps(
  watch: Watch,
  pushed: Pushed,
  awaited: Awaited,
  withinMs: number,
  givenUp: AbortSignal,
): Promise<PlayedRollout> {
  const nothing = { ...pushed, syncedAt: null, completeAt: null, lastOldPodGoneAt: null };
  const patience = makePatience(Date.now());
  const reached = async (isReached: Step): Promise<Reached> =>
    reach(watch, awaited, patience, isReached, withinMs, givenUp);
  const synced = await reached(isSynced);
  if ('failure' in synced) return { ...nothing, ...synced };
  const complete = await reached(isComplete);
  if ('failure' in complete) return { ...nothing, syncedAt: synced.at, ...complete };
  const gone = await reached(isLastOldPodGone);
  const reachedBoth = { ...nothing, syncedAt: synced.at, completeAt: complete.at };
  return 'failure' in gone ? { ...reachedBoth, ...gone } : { ...reachedBoth, lastOldPodGoneAt: gone.at, failure: null };
}

async function explained(cluster: RehearsalCluster, failure: string): Promise<string> {
  const lastWords = await cluster.explain();
  return lastWords === '' ? failure : `${failure}\n${lastWords}`;
}

/** How a rollout is followed that is not to complete, or not yet. */
function followUntil(until: Exclude<Until, 'complete'>): typeof followSteps {
  return async (watch, pushed, awaited, withinMs, givenUp) => {
    const what = untilWords(until);
    const never = { syncedAt: null, completeAt: null, lastOldPodGoneAt: null, reached: { what, at: null } };
    const nothing = { ...pushed, ...never };
    const patience = makePatience(Date.now());
    if (typeof until === 'number') {
      const synced = await watch.until((state) => isSynced(state, awaited) || null, 1_000 * until, givenUp);
      await pause(pushed.pushedAt + 1_000 * until - Date.now(), undefined, { signal: givenUp });
      return { ...nothing, syncedAt: synced?.at ?? null, reached: { what, at: Date.now() }, failure: null };
    }
    const synced = await reach(watch, awaited, patience, isSynced, withinMs, givenUp);
    if ('failure' in synced) return { ...nothing, ...synced };
    const isThere = arrivals[until]();
    const ended = await reach(watch, awaited, patience, isThere, withinMs, givenUp, !mayComplete.has(until));
    if ('failure' in ended) return { ...nothing, syncedAt: synced.at, ...ended };
    const after = { ...nothing, syncedAt: synced.at, reached: { what, at: ended.at }, failure: null };
    return until === 'ready again' ? { ...after, completeAt: ended.at, lastOldPodGoneAt: ended.at } : after;
  };
}

/** What a step waits for is also seen of a rollout that completes. */
const mayComplete: ReadonlySet<Until> = new Set(['midway', 'ready again']);

const arrivals: Readonly<Record<Exclude<Until, 'complete' | number>, () => Step>> = {
  failing: () => (state, awaited) =>
    failuresOf(
      state,
      awaited,
      appliedSince(state, awaited, () => false),
    ).length > 0,
  midway:
    () =>
    ({ pods }, awaited) =>
      pods.some((pod) => isNew(pod, awaited) && pod.state === 'ready') &&
      pods.some((pod) => !isNew(pod, awaited) && pod.state === 'ready'),
  deadline:
    () =>
    ({ deployment }, awaited) =>
      deployment !== null && hasTemplate(deployment, awaited) && deployment.failure !== null,
  'never ready': () => {
    let since: number | null = null;
    return ({ pods }, awaited) => {
      const starting = pods.some((pod) => isNew(pod, awaited) && pod.state === 'starting');
      since = starting ? (since ?? Date.now()) : null;
      return since !== null && Date.now() - since >= notReadyMs;
    };
  },
  'ready again':
    () =>
    ({ deployment, pods }) =>
      deployment !== null &&
      deployment.available === deployment.replicas &&
      pods.length === deployment.replicas &&
      pods.every(({ state }) => state === 'ready'),
};

type Step = (state: RolloutState, awaited: Awaited) => boolean;

type Reached = { readonly at: number } | { readonly failure: string };

async function reach(
  watch: Watch,
  awaited: Awaited,
  patience: Patience,
  isReached: Step,
  withinMs: number,
  givenUp: AbortSignal,
  isBad = false,
): Promise<Reached> {
  const endsAt = Date.now() + withinMs;
  for (let leftMs = withinMs; leftMs > 0; leftMs = endsAt - Date.now()) {
    const decided = await watch.until<true | string>(
      (state) => {
        const failure = patience.look(state, awaited, Date.now());
        if (isReached(state, awaited)) return true;
        return isBad && isComplete(state, awaited) ? 'It completed.' : (failure?.reason ?? null);
      },
      Math.min(leftMs, lookAgainMs),
      givenUp,
    );
    if (decided !== null) return decided.value === true ? { at: decided.at } : { failure: decided.value };
  }
  return { failure: `${stuck(watch, awaited)} after ${Math.round(withinMs / 1_000)} s.` };
}

/** Says where a rollout stands that did not get further in time. */
function stuck(watch: Watch, { commit }: Awaited): string {
  const { application, deployment, pods } = watch.state();
  const terminating = pods.filter(({ state }) => state === 'terminating').length;
  return [
    `Commit ${commit.slice(0, 7)} is not rolled out: sync ${application?.sync ?? 'never seen'}`,
    `health ${application?.health ?? 'never seen'}`,
    `${deployment?.updated ?? 0} updated and ${deployment?.available ?? 0} available of ${deployment?.replicas ?? 0} replicas`,
    `${terminating} pods still terminating`,
  ].join(', ');
}

async function askAgainAndAgain(cluster: RehearsalCluster, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cluster.refresh();
    await pause(refreshEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

const withinMs = 30_000;
const betweenMs = 500;

/** So long an answer that is not right may become right. */
const rightWithinMs = 5_000;

/**
 * The address that answers from where the load will be sent, once it does, so that the load starts when every pod takes part.
 * Throws with the last error where nothing answers for 30 s, and {@link UsageError} where the answer is not what a right one is said to be.
 *
 * Nothing is asked for two endpoint lags. A node port without a pod refuses, and where this machine is the node, its connection
 * tracking remembers that for 120 s: another connection from the same source port is then refused past every pod.
 */
export async function awaitAnswer(
  findUrl: () => Promise<string>,
  endpointLagMs: number,
  { request, over = {} }: { readonly request: ServiceRequest; readonly over?: Over },
  signal: AbortSignal,
  wait = async (ms: number): Promise<void> => pause(ms, undefined, { signal }),
): Promise<string> {
  await wait(2 * endpointLagMs);
  const url = await findUrl();
  const startedAt = Date.now();
  let refused = false;
  for (let index = 0; ; index += 1) {
    const { failure } = await askOnce({ ...over, url }, request, index, askedMs);
    signal.throwIfAborted();
    if (failure === null) break;
    const isAnswered = /^(?:HTTP |wrong |no |malformed |more )/.test(failure);
    if (isAnswered && Date.now() > startedAt + rightWithinMs) throw new UsageError(notRight(request, failure));
    if (Date.now() > startedAt + withinMs) {
      throw new Error(
        `${url} does not answer (${failure}), though the first deployment is complete. Is the address reachable from here?`,
      );
    }
    refused = true;
    await wait(betweenMs);
  }
  if (refused) await wait(endpointLagMs);
  return url;
}

/** A heavy first answer may take its time. */
const askedMs = 5_000;

/** What is said of a service that answers, and not as it should: what was asked, what came, and how to say it right. */
function notRight(request: ServiceRequest, failure: string): string {
  const came = failure.startsWith('HTTP ') ? `the service answers ${failure}` : `its answer ${amiss(failure)}`;
  const remedy =
    failure === 'HTTP 404'
      ? 'Say what the service answers to by --request "METHOD PATH".'
      : 'Say what is asked by --request "METHOD PATH", and what a right answer is by --status, --body-includes or --body-equals.';
  return `Asked for ${request.method} ${request.path}, ${came}, so every request of the load would be lost. ${remedy}`;
}

function amiss(failure: string): string {
  if (failure === 'no version') return 'has no version where one is said to stand';
  return failure === 'wrong body' ? 'has another body' : 'is not one of HTTP/1.1';
}
