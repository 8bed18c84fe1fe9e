import {
  appliedSince,
  askForRefresh,
  type Cluster,
  explain,
  type Followed,
  makeWatch,
  type Observed,
  observeRollout,
  type Watch,
} from 'zerodrop/rollout';
import { type Asking, askAgainAndAgain } from './asking.ts';
import { attempt } from './attempt.ts';
import { longestTogetherMs } from './bounds.ts';
import type { Expected } from './expected.ts';
import { goBack, type WentBack } from './go-back.ts';
import { logAccess } from './log-access.ts';
import { progress } from './standing-words.ts';
import type { Verification } from './verification.ts';

/** How a verification ended. */
export type Verified =
  | {
      readonly kind: 'rolled-out';
      readonly expected: Expected;
      readonly isSuperseded: boolean;
      readonly tookMs: number;
    }
  | ({
      readonly kind: 'failed';
      readonly expected: Expected;
      readonly reason: string;
      /** What the cluster says of it: of several lines, or empty. */
      readonly lastWords: string;
    } & WentBack);

/**
 * Follows an environment until the expected commit is rolled out and answers. Where it fails, says why in the cluster's own words,
 * and takes a release back where the settings want that. Of the cluster it only reads, and asks Argo CD for a refresh.
 */
export async function verify(cluster: Cluster, verification: Verification): Promise<Verified> {
  const { followed, surroundings } = verification;
  const watching = new AbortController();
  const watch = makeWatch(surroundings.signal);
  const until = AbortSignal.any([watching.signal, surroundings.signal]);
  const news = teller(watch, verification.tell);
  let isListed = false;
  const see = (observed: Observed): void => {
    watch.see(observed);
    if (isListed) news();
  };
  const { ended } = await observeRollout(cluster, followed, see, until);
  isListed = true;
  news();
  const asking = askAgainAndAgain(async () => askForRefresh(cluster, followed), surroundings.clock);
  try {
    return await verifyBy(cluster, verification, watch, asking);
  } finally {
    watching.abort();
    await Promise.all([asking.stop(), ended]);
  }
}

async function verifyBy(cluster: Cluster, verification: Verification, watch: Watch, asking: Asking): Promise<Verified> {
  // Whoever says how long to wait has said it for each rollout.
  const lastAt = verification.withinMs === null ? Date.now() + longestTogetherMs : Infinity;
  const attempted = await attempt(verification, verification.expected, watch, lastAt);
  const { ending, objection, tookMs } = attempted;
  const { expected, isSuperseded } = ending;
  const reason = ending.kind === 'failed' ? ending.reason : objection?.says;
  if (reason === undefined) return { kind: 'rolled-out', expected, isSuperseded, tookMs };
  verification.tell(`${expected.commit.slice(0, 7)} fails: ${reason}`);
  // Before anything is taken back, because the pods that can tell go with it.
  const lastWords =
    ending.kind === 'failed' ? await wordsOn(cluster, verification.followed, expected, watch, asking) : '';
  return { kind: 'failed', expected, reason, lastWords, ...(await goBack(verification, attempted, watch, lastAt)) };
}

/** Tells how far a rollout is, whenever that has changed. */
function teller(watch: Watch, tell: (line: string) => void): () => void {
  let told: string | null = null;
  return () => {
    const now = progress(watch.state());
    if (now !== told) tell(now);
    told = now;
  };
}

async function wordsOn(
  cluster: Cluster,
  followed: Followed,
  expected: Expected,
  watch: Watch,
  asking: Asking,
): Promise<string> {
  const state = watch.state();
  const replicaSet = state.deployment?.replicaSet ?? null;
  const pod = state.pods.find((one) => one.replicaSet === replicaSet && one.state !== 'ready');
  const since = appliedSince(state, expected, () => false) ?? -Infinity;
  const explained = await explain(cluster, followed, { replicaSet, since });
  const access = pod === undefined ? null : await logAccess(cluster, followed.namespace, pod.name);
  const trouble = asking.trouble();
  const words = [
    explained,
    access,
    trouble === null ? null : `Warning: asking Argo CD to refresh the Application failed. ${trouble}`,
  ];
  return words.filter((line) => line !== null && line !== '').join('\n');
}
