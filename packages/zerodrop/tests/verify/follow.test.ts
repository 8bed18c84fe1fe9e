import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeWatch, type RolloutState, type Watch } from '../../src/rollout/watch.ts';
import { type Ending, follow, type History } from '../../src/verify/follow.ts';
import { application, deployment, expecting, hash, imageOf, pod, rolledOut, show } from './sample.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Commits in the order of their letters. */
const history: History = {
  lineage: async (awaited, found) => (found > awaited ? 'later' : 'earlier'),
  manifestsAt: async (commit) => `tree of ${commit === hash('c') ? '1.2.5' : '1.2.4'}`,
  expectedAt: async (commit) =>
    commit === hash('z') ? null : expecting(commit, commit === hash('c') ? '1.2.5' : '1.2.4'),
};

/** Git has no manifests either for a commit that it does not know. */
const ignorant: History = {
  ...history,
  lineage: async () => 'unknown',
  manifestsAt: () => Promise.reject(new Error('git ls-tree failed')),
};

function watching(): Watch {
  return makeWatch(new AbortController().signal);
}

/** How it ended, if it has after so many seconds. */
async function endedAfter(ending: Promise<Ending>, seconds: number): Promise<Ending | null> {
  const [ended] = await Promise.all([
    Promise.race([ending, new Promise<null>((resolve) => setTimeout(resolve, seconds * 1_000 + 1, null))]),
    vi.advanceTimersByTimeAsync(seconds * 1_000 + 1),
  ]);
  return ended;
}

const at = (commit: string): RolloutState => ({ ...rolledOut, application: { ...application, revision: commit } });
const failing: RolloutState = {
  application: { ...application, health: 'Progressing' },
  deployment: { ...deployment, ready: 0, available: 0 },
  pods: [pod('1.2.4', 'failed')],
};

test('ends when the commit is rolled out', async () => {
  const watch = watching();
  const followed = follow(watch, expecting(hash('b')), history, null, Infinity);
  show(watch, at(hash('a')));
  show(watch, at(hash('b')));
  expect(await followed).toEqual({ kind: 'rolled-out', expected: expecting(hash('b')), isSuperseded: false });
});

test('ends when a pod has failed for 20 s', async () => {
  const watch = watching();
  show(watch, failing);
  const followed = follow(watch, expecting(hash('a')), history, null, Infinity);
  expect(await endedAfter(followed, 19)).toBeNull();
  expect(await endedAfter(followed, 2)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('Pod web-1.2.4-failed of'),
    isUnderWay: false,
  });
});

test('follows a later commit that brings the same in its place', async () => {
  const watch = watching();
  show(watch, at(hash('b')));
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toEqual({
    kind: 'rolled-out',
    expected: expecting(hash('b')),
    isSuperseded: false,
  });
});

test('says that a later commit which brings something else has taken its place', async () => {
  const watch = watching();
  const next = expecting(hash('c'), '1.2.5');
  show(watch, {
    application: { ...application, revision: next.commit },
    deployment: { ...deployment, image: imageOf('1.2.5') },
    pods: [pod('1.2.5', 'ready')],
  });
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toEqual({
    kind: 'rolled-out',
    expected: next,
    isSuperseded: true,
  });
});

test('says that a later commit takes the service away', async () => {
  const watch = watching();
  show(watch, at(hash('z')));
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toMatchObject({
    kind: 'failed',
    reason: 'Commit zzzzzzz came after it and removes the service.',
  });
});

test('says where it stands when the time is over', async () => {
  const watch = watching();
  show(watch, { ...at(hash('a')), application: { ...application, revision: hash('a'), sync: 'OutOfSync' } });
  expect(await endedAfter(follow(watch, expecting(hash('b')), history, 50, Infinity), 1)).toMatchObject({
    kind: 'failed',
    reason: 'Commit bbbbbbb is not rolled out yet: OutOfSync at aaaaaaa, Healthy, 1 updated and 1 available of 1.',
    isUnderWay: false,
  });
  expect(await endedAfter(follow(watching(), expecting(hash('b')), history, 10, Infinity), 1)).toMatchObject({
    reason: expect.stringContaining('Argo CD has no Application for it.'),
  });
});

test('ends where nothing gets further for as long as one step may take, and not while it does', async () => {
  const watch = watching();
  const replicas = { ...deployment, replicas: 40, updated: 40, settled: false };
  const made = (ready: number): RolloutState => ({
    application: { ...application, health: 'Progressing' },
    deployment: replicas,
    pods: Array.from({ length: ready + 1 }, (_, n) => ({
      ...pod('1.2.4', n < ready ? 'ready' : 'starting'),
      name: `web-${n}`,
    })),
  });
  const followed = follow(watch, expecting(hash('a')), history, null, Infinity);
  // One pod needs nearly all of the 60 s that one step may take, and 39 of them need 39 times as long.
  for (let ready = 0; ready < 39; ready += 1) {
    show(watch, made(ready));
    expect(await endedAfter(followed, 58)).toBeNull();
  }
  expect(await endedAfter(followed, 4)).toMatchObject({ kind: 'failed', isUnderWay: false });
});

test('does not call a rollout failed that gets further until the last moment', async () => {
  const watch = watching();
  show(watch, { ...failing, pods: [pod('1.2.4', 'starting')] });
  const followed = follow(watch, expecting(hash('a')), history, null, Date.now() + 30_000);
  expect(await endedAfter(followed, 31)).toMatchObject({ kind: 'failed', isUnderWay: true });
});

test('gives later commits no time beyond the last moment', async () => {
  const watch = watching();
  show(watch, at(hash('c')));
  const followed = follow(watch, expecting(hash('a')), history, null, Date.now() + 250);
  expect(await endedAfter(followed, 1)).toMatchObject({
    kind: 'failed',
    isSuperseded: true,
    reason: expect.stringContaining('Commit ccccccc is not rolled out yet'),
  });
});

test('gives each rollout the time that was named, also one that takes the place of another', async () => {
  const watch = watching();
  show(watch, { ...at(hash('b')), application: { ...application, revision: hash('a'), sync: 'OutOfSync' } });
  const followed = follow(watch, expecting(hash('a')), history, 10_000, Infinity);
  expect(await endedAfter(followed, 8)).toBeNull();
  show(watch, at(hash('c')));
  expect(await endedAfter(followed, 8)).toBeNull();
  expect(await endedAfter(followed, 3)).toMatchObject({ kind: 'failed', isSuperseded: true });
});

test('waits for the time that was named, also where nothing gets further', async () => {
  const watch = watching();
  show(watch, { ...failing, pods: [pod('1.2.4', 'starting')] });
  const followed = follow(watch, expecting(hash('a')), history, 300_000, Infinity);
  expect(await endedAfter(followed, 299)).toBeNull();
  expect(await endedAfter(followed, 2)).toMatchObject({ kind: 'failed', isUnderWay: false });
});

test('asks again about a commit that git does not know yet', async () => {
  const watch = watching();
  show(watch, at(hash('b')));
  let asked = 0;
  const lineage = async () => ((asked += 1) === 1 ? ('unknown' as const) : ('later' as const));
  const followed = follow(watch, expecting(hash('a')), { ...history, lineage }, null, Infinity);
  expect(await endedAfter(followed, 4)).toBeNull();
  expect(await endedAfter(followed, 2)).toMatchObject({ kind: 'rolled-out', expected: { commit: hash('b') } });
});

test('does not ask again about a synced commit that git does not know', async () => {
  const watch = watching();
  show(watch, { ...rolledOut, application: { ...application, phaseRevision: hash('0') } });
  const followed = follow(watch, expecting(hash('a')), ignorant, null, Infinity);
  expect(await endedAfter(followed, 1)).toMatchObject({ kind: 'rolled-out' });
});

test('waits whether what Argo CD reports persists', async () => {
  const conditions = [{ type: 'ComparisonError', message: 'git is away' }];
  const refused = { ...at(hash('a')), application: { ...application, sync: 'Unknown' as const, conditions } };
  const watch = watching();
  show(watch, refused);
  const followed = follow(watch, expecting(hash('a')), history, null, Infinity);
  expect(await endedAfter(followed, 19)).toBeNull();
  show(watch, at(hash('a')));
  expect(await endedAfter(followed, 0)).toMatchObject({ kind: 'rolled-out' });
  show(watch, refused);
  expect(await endedAfter(follow(watch, expecting(hash('a')), history, null, Infinity), 21)).toMatchObject({
    kind: 'failed',
    reason: 'Argo CD reports ComparisonError: git is away',
  });
});
