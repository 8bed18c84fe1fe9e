import { setTimeout as pause } from 'node:timers/promises';
import { OperationError } from '../../errors.ts';
import { type Cluster, connect } from '../../rollout/kubernetes/api.ts';
import { podsPath } from '../../rollout/kubernetes/objects.ts';
import type { Observed, PodObservation } from '../../rollout/watch.ts';
import { askVersion } from '../kubernetes/traffic.ts';
import { releaseAndRevert } from '../play/scenes.ts';
import { setUp, type Setup } from '../play/setup.ts';
import { makeSide, type RunRequest } from '../play/sides.ts';
import { deploy } from './preflight.ts';

/** How many pods are told to leave, one after the other. */
const rounds = 6;
/** A question over a connection of its own, so often. In milliseconds. */
const askEveryMs = 15;
/** How long each step may take: a pod that leaves, a pod that comes, and a load balancer that learns of it. */
const withinMs = 300_000;
// A measured lag is what was seen, not what is possible.
const marginSeconds = 2;

/** An answer: which pod gave it, and when it was asked. */
export interface Asked {
  readonly pod: string;
  readonly at: number;
}

/** How long traffic took to follow, one number a pod, in milliseconds. */
export interface Lags {
  /** From being told to leave to the last request that reached the pod. */
  readonly removalMs: readonly number[];
  /** From being ready to the first request that reached the pod. */
  readonly additionMs: readonly number[];
  /** A pod answered to the very end of its drain, so that nobody knows for how long requests would have come. */
  readonly isCut: boolean;
}

/** How long the traffic took to leave a pod that was told to go, and to reach the one that came for it. */
export function lagsOf(
  answers: readonly Asked[],
  left: { readonly pod: string; readonly toldAt: number },
  came: { readonly pod: string; readonly readyAt: number },
): { readonly removalMs: number; readonly additionMs: number } {
  const last = answers.findLast(({ pod }) => pod === left.pod)?.at ?? left.toldAt;
  const first = answers.find(({ pod }) => pod === came.pod)?.at ?? came.readyAt;
  return { removalMs: Math.max(0, last - left.toldAt), additionMs: Math.max(0, first - came.readyAt) };
}

/** What was measured, and the drain that follows, as lines for people. */
export function lagWords({ removalMs, additionMs, isCut }: Lags): string {
  const longest = Math.max(...removalMs);
  const drain = Math.ceil(longest / 1_000) + marginSeconds;
  return [
    `Requests reach a pod that was told to end for ${figures(removalMs)}.`,
    `Requests reach a pod that is ready after ${figures(additionMs)}.`,
    isCut
      ? 'A pod was sent requests to the end of its drain: the lag is longer than that. Measure again with a longer one: --drain-ms.'
      : `Let a pod drain for ${drain} s or more: the longest, rounded up, and ${marginSeconds} s (endpointLagSeconds: ${drain - marginSeconds}).`,
  ].join('\n');
}

function figures(ms: readonly number[]): string {
  const sorted = ms.toSorted((one, other) => one - other);
  const at = (share: number): string => {
    const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
    return `${((sorted[Math.max(0, index)] ?? 0) / 1_000).toFixed(2)} s`;
  };
  return `${at(0.5)} (median), ${at(0.9)} (9 of 10), ${at(1)} (longest of ${sorted.length})`;
}

/** Deploys the service into a place of its own on a real cluster, takes its pods away one after the other, and watches who answers. */
export async function measureLag(request: RunRequest, context: string): Promise<Lags> {
  const side = await makeSide(request);
  const setup = await setUp({
    ...request,
    sides: { before: side, after: side },
    settings: 'ours',
    scene: releaseAndRevert,
    untilLost: false,
    on: 'context',
  });
  try {
    const failure = await deploy(setup);
    if (failure !== null) throw new OperationError(failure);
    const url = await setup.cluster.url();
    const cluster = await connect(context);
    const answers: Asked[] = [];
    const asking = setInterval(() => {
      const at = Date.now();
      askVersion(url, request.signal).then(
        (answer) => answer !== null && answers.push({ pod: answer.pod, at }),
        () => undefined,
      );
    }, askEveryMs);
    try {
      return await measured(setup, cluster, answers);
    } finally {
      clearInterval(asking);
    }
  } finally {
    await setup.close();
  }
}

async function measured(setup: Setup, cluster: Cluster, answers: readonly Asked[]): Promise<Lags> {
  const { steps, signal, rehearsed, numbers } = setup;
  const pods = podsPath(rehearsed.application.destination.namespace);
  const found: { readonly removalMs: number; readonly additionMs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await ready(setup, () => true);
    const [oldest] = before;
    if (oldest === undefined) throw new OperationError('No pod of the service is ready, so none can be taken away.');
    const known = new Set(before.map(({ name }) => name));
    const toldAt = Date.now();
    await cluster.request({ method: 'DELETE', path: `${pods}/${oldest.name}` });
    const after = await ready(setup, (all) => all.every(({ name }) => name !== oldest.name));
    const fresh = after.find(({ name }) => !known.has(name));
    if (fresh === undefined) throw new OperationError(`No pod came in the place of ${oldest.name}.`);
    const giveUpAt = Date.now() + withinMs;
    while (!answers.some(({ pod }) => pod === fresh.name)) {
      if (Date.now() > giveUpAt) throw new OperationError(`Pod ${fresh.name} is ready, and no request reaches it.`);
      await pause(100, undefined, { signal });
    }
    const readyAt = firstReady(setup.watch.observed, fresh.name) ?? Date.now();
    const lags = lagsOf(answers, { pod: oldest.name, toldAt }, { pod: fresh.name, readyAt });
    found.push(lags);
    steps.done(`${oldest.name} left, ${fresh.name} came: ${lags.removalMs} ms and ${lags.additionMs} ms`);
  }
  const removalMs = found.map((lags) => lags.removalMs);
  // What is asked in the last moments of a drain is answered as well.
  const isCut = Math.max(...removalMs) > numbers.played.drainMs - 500;
  return { removalMs, additionMs: found.map((lags) => lags.additionMs), isCut };
}

/** The ready pods, once there are as many as asked for, none leaves, and this is so. */
async function ready(
  { watch, numbers }: Setup,
  isSo: (pods: readonly PodObservation[]) => boolean,
): Promise<readonly PodObservation[]> {
  const decided = await watch.until(({ pods: all }) => {
    const isCalm = all.length === numbers.played.replicas && all.every(({ state }) => state === 'ready');
    return isCalm && isSo(all) ? all : null;
  }, withinMs);
  if (decided === null)
    throw new OperationError(`The pods of the service have not come to rest within ${withinMs / 1_000} s.`);
  return decided.value;
}

function firstReady(observed: readonly Observed[], name: string): number | undefined {
  return observed.find(
    (seen) => seen.kind === 'pods' && seen.pods.some((pod) => pod.name === name && pod.state === 'ready'),
  )?.at;
}
