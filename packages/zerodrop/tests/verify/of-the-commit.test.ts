import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Application, applicationObservation } from '../../src/rollout/kubernetes/objects.ts';
import { type Deployment, deploymentObservation } from '../../src/rollout/kubernetes/pods.ts';
import { type Pod, podObservation } from '../../src/rollout/kubernetes/pods.ts';
import { makeWatch } from '../../src/rollout/watch.ts';
import { type Ending, follow, type History } from '../../src/verify/follow.ts';
import {
  application,
  crashed,
  deployment,
  missedDeadline,
  pod,
  replicaSet,
  running,
  type Variant,
  waiting,
} from '../rollout/objects.ts';
import { expecting, hash, imageOf } from './sample.ts';

/** Commit a breaks the configuration of 1.2.4, b mends or reverts it: both have the same image. */
const broken: Variant = { image: imageOf('1.2.4'), setting: 'broken' };
const good: Variant = { ...broken, setting: 'good' };
const [a, b, c] = [hash('a'), hash('b'), hash('c')];
/** The seconds of the cluster's clock at which a and b are synced. */
const [aAt, bAt] = [100, 200];
const expected = { ...expecting(b), manifests: 'good', patienceMs: 200_000 };
const history: History = {
  lineage: async (awaited, found) => (found > awaited ? 'later' : 'earlier'),
  // c changes what is none of the environment's business.
  manifestsAt: async (commit) => (commit === a ? 'broken' : 'good'),
  expectedAt: async (commit) => ({ ...expecting(commit), manifests: commit === a ? 'broken' : 'good' }),
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Shown {
  readonly application: Application;
  readonly deployment: Deployment;
  readonly pods: readonly Pod[];
}

/** Follows b, and shows it one state of the cluster after the other. */
function following(...variants: readonly Variant[]) {
  const watch = makeWatch(new AbortController().signal);
  const followed = follow(watch, expected, history, null, Infinity);
  const sets = (variants.length === 0 ? [broken, good] : variants).map(replicaSet);
  return {
    show(shown: Shown): void {
      const at = Date.now();
      watch.see({ kind: 'application', ...applicationObservation(shown.application), at });
      watch.see({ kind: 'pods', pods: shown.pods.map((one) => podObservation(one, 'web')), at });
      watch.see({ kind: 'deployment', ...deploymentObservation(shown.deployment, sets), at });
    },
    /** How it has ended after so many seconds more; null while it goes on. */
    async after(seconds: number): Promise<Ending | null> {
      const [ended] = await Promise.all([
        Promise.race([followed, new Promise<null>((resolve) => setTimeout(resolve, seconds * 1_000 + 1, null))]),
        vi.advanceTimersByTimeAsync(seconds * 1_000 + 1),
      ]);
      return ended;
    },
  };
}

/** The cluster as a has left it: its pod crashes, an old one serves. */
const afterA: Shown = {
  application: application(a, { revision: a, at: aAt }, { status: 'Degraded', at: aAt + 60 }),
  deployment: deployment(broken, { updated: 1, available: 0 }, [missedDeadline(broken, aAt + 60)]),
  pods: [pod(broken, 'web-broken', aAt, crashed(4, aAt + 50))],
};
/** Argo CD has the cluster compared with b, and syncs or has synced it. */
const syncedB = application(b, { revision: b, at: bAt }, { status: 'Progressing', at: bAt });
const rolledOut: Shown = {
  application: application(b, { revision: b, at: bAt }, { status: 'Healthy', at: bAt + 20 }),
  deployment: deployment(good),
  pods: [pod(good, 'web-good', bAt, running)],
};

test('a mend is not failed by what the broken commit has left, before its sync and after', async () => {
  const { show, after } = following();
  show(afterA);
  expect(await after(40)).toBeNull();
  // Synced, and the Deployment's controller has not looked yet: no ReplicaSet of the new template, the old pods, the old condition.
  show({ ...afterA, application: application(b, { revision: b, at: bAt }, { status: 'Degraded', at: aAt + 60 }) });
  expect(await after(40)).toBeNull();
  show({ ...afterA, application: syncedB, deployment: deployment(good, { updated: 1, available: 0 }) });
  expect(await after(40)).toBeNull();
  show(rolledOut);
  expect(await after(1)).toMatchObject({ kind: 'rolled-out' });
});

test('a mend whose own pod fails is failed, once that has persisted', async () => {
  const { show, after } = following();
  const pods = [...afterA.pods, pod(good, 'web-good', bAt + 1, waiting('ErrImagePull'))];
  show({ application: syncedB, deployment: deployment(good, { updated: 1, available: 0 }), pods });
  expect(await after(19)).toBeNull();
  expect(await after(2)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Pod web-good of') });
});

test('a revert that brings a ReplicaSet back is judged by its new pods, and not by those it had before', async () => {
  const { show, after } = following();
  const before = pod(good, 'web-before', aAt - 50, crashed(9, aAt - 5));
  const state = { application: syncedB, deployment: deployment(good, { replicas: 2, available: 0 }) };
  show({ ...state, pods: [before] });
  expect(await after(40)).toBeNull();
  show({ ...state, pods: [before, pod(good, 'web-new', bAt + 1, crashed(2, bAt + 15))] });
  expect(await after(21)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Pod web-new of') });
});

test('a commit that rolls nothing is failed only by pods that have run since', async () => {
  const { show, after } = following();
  const state = { application: syncedB, deployment: deployment(good, { available: 0 }) };
  show({ ...state, pods: [pod(good, 'web-1', aAt, crashed(5, bAt - 30))] });
  expect(await after(40)).toBeNull();
  // It was started again, read the new configuration, and crashed again.
  show({ ...state, pods: [pod(good, 'web-1', aAt, crashed(6, bAt + 35))] });
  expect(await after(21)).toMatchObject({ kind: 'failed' });
});

test('a sync of the same commit by self-heal does not make its pods older', async () => {
  const { show, after } = following();
  const state = {
    deployment: deployment(good, { available: 0 }),
    pods: [pod(good, 'web-1', bAt, waiting('ErrImagePull'))],
  };
  show({ ...state, application: syncedB });
  expect(await after(5)).toBeNull();
  show({ ...state, application: application(b, { revision: b, at: bAt + 5 }, { status: 'Progressing', at: bAt }) });
  expect(await after(16)).toMatchObject({ kind: 'failed' });
});

test('pods count from the sync of b on when a later commit with the same manifests has taken its place', async () => {
  const { show, after } = following();
  const later = application(c, { revision: b, at: bAt }, { status: 'Progressing', at: bAt });
  const state = { application: later, deployment: deployment(good, { available: 0 }) };
  show({ ...state, pods: [pod(good, 'web-1', aAt, crashed(5, bAt - 30))] });
  expect(await after(40)).toBeNull();
  show({ ...state, pods: [pod(good, 'web-2', bAt + 1, crashed(2, bAt + 15))] });
  expect(await after(21)).toMatchObject({ kind: 'failed', expected: { commit: c } });
});

test('terminating pods and a missed deadline of before are not held against a revert', async () => {
  const { show, after } = following();
  const pods = [pod(broken, 'web-broken', aAt, crashed(4, aAt + 50), true), pod(good, 'web-good', bAt, running)];
  const conditions = [missedDeadline(broken, aAt + 60)];
  show({ application: syncedB, deployment: deployment(good, { updated: 1, available: 0 }, conditions), pods });
  expect(await after(40)).toBeNull();
  show({
    application: syncedB,
    deployment: deployment(good, { available: 0 }, [missedDeadline(good, bAt + 60)]),
    pods,
  });
  expect(await after(21)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('The Deployment reports ProgressDeadlineExceeded: ReplicaSet "web-1.2.4-good"'),
  });
});

test('one pull that fails while other pods become ready is no verdict, and one that goes on failing is', async () => {
  const { show, after } = following(good);
  const [bad, other] = [
    pod(good, 'web-0', bAt, waiting('ErrImagePull')),
    pod(good, 'web-0', bAt, waiting('ImagePullBackOff')),
  ];
  const state = { application: syncedB, deployment: deployment(good, { replicas: 5, available: 0 }) };
  for (let ready = 0; ready < 5; ready += 1) {
    const others = Array.from({ length: ready }, (_, n) => pod(good, `web-${n + 1}`, bAt, running));
    show({ ...state, pods: [ready % 2 === 0 ? bad : other, ...others] });
    expect(await after(15)).toBeNull();
  }
  expect(await after(6)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Pod web-0 of') });
});

test('a configuration that comes a little later than its pods is no failure', async () => {
  const { show, after } = following(good);
  const state = { application: syncedB, deployment: deployment(good, { available: 0 }) };
  show({ ...state, pods: [pod(good, 'web-1', bAt, waiting('CreateContainerConfigError'))] });
  expect(await after(15)).toBeNull();
  show(rolledOut);
  expect(await after(1)).toMatchObject({ kind: 'rolled-out' });
});

test('a crash loop is told by its restarts, though it runs in between, and a first crash is none', async () => {
  const { show, after } = following(good);
  const state = { application: syncedB, deployment: deployment(good, { available: 0 }) };
  const at = (container: Parameters<typeof pod>[3]): void =>
    show({ ...state, pods: [pod(good, 'web-1', bAt, container)] });
  at(crashed(1, bAt));
  expect(await after(40)).toBeNull();
  at(crashed(2, bAt + 10));
  expect(await after(18)).toBeNull();
  at({ restartCount: 3, state: { running: {} } });
  expect(await after(10)).toBeNull();
  at(crashed(3, bAt + 40));
  expect(await after(0)).toMatchObject({ kind: 'failed' });
});

test('an autoscaler that changes the replicas in mid-rollout is waited for', async () => {
  const { show, after } = following(good);
  const state = (replicas: number, ready: number): Shown => ({
    application: syncedB,
    deployment: deployment(good, { replicas, updated: ready, available: ready }),
    pods: Array.from({ length: ready }, (_, n) => pod(good, `web-${n}`, bAt, running)),
  });
  for (const [replicas, ready] of [
    [10, 1],
    [10, 8],
    [40, 8],
    [40, 20],
    [20, 20],
    [20, 15],
    [40, 16],
  ] as const) {
    show(state(replicas, ready));
    expect(await after(31)).toBeNull();
  }
});
