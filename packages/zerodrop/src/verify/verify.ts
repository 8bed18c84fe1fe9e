import { Interrupted, OperationError } from '../errors.ts';
import { ApiError, type Cluster, connect } from '../rollout/kubernetes/api.ts';
import { explain } from '../rollout/kubernetes/explain.ts';
import { askForRefresh, type Followed, podsPath } from '../rollout/kubernetes/objects.ts';
import { observeRollout } from '../rollout/kubernetes/observe.ts';
import { appliedSince } from '../rollout/patience.ts';
import { isComplete, makeWatch, type Observed, type Watch } from '../rollout/watch.ts';
import type { Expected } from './expected.ts';
import {
  type Ending,
  follow,
  hasBegun,
  type History,
  lateness,
  type Pause,
  progress,
  type Refreshing,
  refreshAgainAndAgain,
} from './follow.ts';
import { type Endpoint, type Objection, probe } from './probe.ts';

/**
 * The longest that all rollouts of one verification are waited for together: that of the commit, of later ones that take its place, and
 * of what is brought back. Shorter than a job of CI should be, which also installs and pushes, so that it is us who say why.
 */
export const longestTogetherMs = 25 * 60_000;

/** What is verified, and how. */
export interface Verification {
  readonly followed: Followed;
  readonly expected: Expected;
  readonly history: History;
  /** Is asked when the rollout is complete; null for none. */
  readonly endpoint: Endpoint | null;
  /** Null for as long as the manifests let a rollout take. */
  readonly withinMs: number | null;
  /** The page that lists what this has to be allowed to do. */
  readonly permissions: string;
  readonly pause: Pause;
  readonly signal: AbortSignal;
  /** Tells a person what happens meanwhile. */
  readonly tell: (line: string) => void;
  /** Is told the watch once all of the rollout is listed; null where its pods can't be seen. */
  readonly watching?: (watch: Watch | null) => void;
  /** Asked once how the first rollout went for its clients: what speaks against it. */
  readonly losses?: (ended: Omit<Attempt, 'objection'>) => Promise<Objection | null>;
}

/** A rollout that was followed to its end, and asked whether it answers. */
export interface Attempt {
  readonly ending: Ending;
  /** What speaks against its endpoint; null also where it was not asked. */
  readonly objection: Objection | null;
  readonly tookMs: number;
}

/** What is done about a failure: it may follow what is brought back, by the same watch. */
export type Reaction<R> = (failed: Attempt, again: (expected: Expected) => Promise<Attempt>) => Promise<R>;

/** How a verification ended. */
export type Verified<R> =
  | {
      readonly kind: 'rolled-out';
      readonly expected: Expected;
      readonly isSuperseded: boolean;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly expected: Expected;
      readonly reason: string;
      /** What the cluster says of it: of several lines, or empty. */
      readonly lastWords: string;
      readonly reaction: R;
    };

/**
 * As {@link verify}, on the cluster of a kubeconfig's context, null for the current one. Throws OperationError where the cluster can't be
 * asked, or may not be, and Interrupted when told to stop.
 */
export async function verifyOn<R>(
  context: string | null,
  verification: Verification,
  react: Reaction<R>,
): Promise<Verified<R>> {
  try {
    return await verify(await connect(context), verification, react);
  } catch (cause) {
    if (cause instanceof Interrupted) throw cause;
    if (verification.signal.aborted)
      throw new Interrupted('Interrupted while waiting for the rollout, which continues in the cluster.', { cause });
    if (!(cause instanceof ApiError) || cause.status !== 403) throw cause;
    const advised = `${cause.message} ${verification.permissions} lists the permissions that this identity needs.`;
    throw new OperationError(advised, { cause });
  }
}

/**
 * Follows a rollout until the expected commit is rolled out and answers. Where it fails, says why in the cluster's own words, and lets
 * `react` do something about it. Of the cluster it only reads, and asks Argo CD for a refresh.
 */
export async function verify<R>(
  cluster: Cluster,
  verification: Verification,
  react: Reaction<R>,
): Promise<Verified<R>> {
  const { followed, expected, signal, pause, tell } = verification;
  const watching = new AbortController();
  const watch = makeWatch(signal);
  const news = teller(watch, expected, tell);
  let isListed = false;
  const see = (observed: Observed): void => {
    watch.see(observed);
    if (isListed) news();
  };
  const { ended } = await observeRollout(cluster, followed, see, AbortSignal.any([watching.signal, signal]));
  isListed = true;
  verification.watching?.(followed.deployment === null ? null : watch);
  news();
  const { application } = followed;
  const refreshing = refreshAgainAndAgain(
    async () => (application === null ? undefined : askForRefresh(cluster, application)),
    pause,
  );
  try {
    return await verifyBy(cluster, verification, watch, refreshing, react);
  } finally {
    watching.abort();
    await Promise.all([refreshing.stop(), ended]);
  }
}

async function verifyBy<R>(
  cluster: Cluster,
  verification: Verification,
  watch: Watch,
  refreshing: Refreshing,
  react: Reaction<R>,
): Promise<Verified<R>> {
  // Whoever says how long to wait has said it for each rollout.
  const lastAt = verification.withinMs === null ? Date.now() + longestTogetherMs : Infinity;
  const again = async (expected: Expected): Promise<Attempt> => attempt(verification, expected, watch, lastAt);
  const first = await again(verification.expected);
  const { ending, tookMs } = first;
  const objection = (await verification.losses?.(first)) ?? first.objection;
  const { expected, isSuperseded } = ending;
  const reason = ending.kind === 'failed' ? ending.reason : objection?.says;
  if (reason === undefined) return { kind: 'rolled-out', expected, isSuperseded, tookMs };
  verification.tell(`${expected.commit.slice(0, 7)} fails: ${reason}`);
  // Before anything is done about it, because the pods that can tell may go with that.
  const lastWords = ending.kind === 'failed' ? await wordsOn(cluster, verification, expected, watch, refreshing) : '';
  return { kind: 'failed', expected, reason, lastWords, reaction: await react({ ...first, objection }, again) };
}

/**
 * Follows the rollout of a commit, and asks its endpoint where there is one.
 *
 * @param lastAt when the rollout is given up, by Date.now
 */
export async function attempt(
  { history, endpoint, withinMs, signal }: Verification,
  expected: Expected,
  watch: Watch,
  lastAt: number,
): Promise<Attempt> {
  const begunAt = Date.now();
  const ending = await follow(watch, expected, history, withinMs, lastAt);
  const tookMs = Date.now() - begunAt;
  if (ending.kind === 'failed') return { ending, objection: null, tookMs };
  const late = lateness(watch.observed, ending.expected, Date.now());
  const objection = endpoint === null ? null : await probe(endpoint, ending.expected.version, signal);
  return { ending, objection: objection ?? late, tookMs };
}

/** From how many times the most that was forecast a rollout is told to be late. */
const lateTimes = 1.5;

/** The time that a rollout has left by its forecast, in words; null where it is complete, or nothing was forecast. */
export function timeLeft(
  forecastMs: Expected['forecastMs'],
  tookMs: number,
  isDone: boolean,
): { readonly says: string; readonly isLate: boolean } | null {
  if (forecastMs === undefined || isDone) return null;
  const [least, most] = forecastMs.map((ms) => Math.max(0, Math.round((ms - tookMs) / 1_000)));
  if (tookMs <= lateTimes * forecastMs[1]) return { says: `, ${least} to ${most} s left`, isLate: false };
  const times = Math.floor((10 * tookMs) / forecastMs[1]) / 10;
  const says = `, for ${Math.round(tookMs / 1_000)} s, ${times} times the ${Math.round(forecastMs[1] / 1_000)} s that were forecast at the most`;
  return { says, isLate: true };
}

/** Tells how far a rollout is, whenever that has changed. */
function teller(watch: Watch, expected: Expected, tell: (line: string) => void): () => void {
  let told: string | null = null;
  let since: number | null = null;
  let isLate = false;
  return () => {
    const state = watch.state();
    const now = progress(state, expected);
    if (hasBegun(state, expected)) since ??= Date.now();
    const left = since === null ? null : timeLeft(expected.forecastMs, Date.now() - since, isComplete(state, expected));
    isLate ||= left?.isLate === true;
    const line = `${now}${left?.says ?? ''}`;
    // Time passes with each look: told is what else has changed, and that it is late.
    const key = `${now} ${isLate}`;
    if (key !== told) tell(line);
    told = key;
  };
}

async function wordsOn(
  cluster: Cluster,
  { followed, permissions }: Verification,
  expected: Expected,
  watch: Watch,
  refreshing: Refreshing,
): Promise<string> {
  const state = watch.state();
  const replicaSet = state.deployment?.replicaSet ?? null;
  const pod = state.pods.find((one) => one.replicaSet === replicaSet && one.state !== 'ready');
  const since = appliedSince(state, expected, () => false) ?? -Infinity;
  const explained = await explain(cluster, followed, { replicaSet, since });
  const access = pod === undefined ? null : await logAccess(cluster, followed.namespace, pod.name, permissions);
  const trouble = refreshing.trouble();
  const words = [
    explained,
    access,
    trouble === null ? null : `Warning: asking Argo CD to refresh the Application failed. ${trouble}`,
  ];
  return words.filter((line) => line !== null && line !== '').join('\n');
}

/** Warns where a failure is reported without log lines because this identity may not read them. */
export async function logAccess(
  cluster: Cluster,
  namespace: string,
  pod: string,
  permissions: string,
): Promise<string | null> {
  try {
    const path = `${podsPath(namespace)}/${pod}/log`;
    await cluster.request({ method: 'GET', path, query: { tailLines: '1', limitBytes: '1' } });
    return null;
  } catch (error) {
    // Anything else is about the pod: one that never ran has no log.
    if (!(error instanceof ApiError) || error.status !== 403) return null;
    return `Warning: this identity may not read the logs of ${namespace}, which would say more. Grant it "get" on pods/log (${permissions}).`;
  }
}
