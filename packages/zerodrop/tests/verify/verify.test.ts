import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timeLeft, type Verification, verify } from '../../src/verify/verify.ts';
import { emptyCluster } from '../rollout/kubernetes/empty-cluster.ts';
import { application, crash, crashing, doubt, pass, paths, pod, sync, warn } from './rollouts.ts';
import { expecting, hash, imageOf } from './sample.ts';
import { endpoint } from './server.ts';
import { verification } from './verification.ts';

const leave = async (): Promise<null> => null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('asks Argo CD to look, tells each step once, and ends when what is expected runs', async () => {
  const cluster = await emptyCluster();
  cluster.onRefresh(() => {
    pass(7);
    sync(cluster, hash('a'), '1.2.4', true);
  });
  const told: string[] = [];
  const pauses: AbortSignal[] = [];
  const pause: Verification['pause'] = async (milliseconds, signal) => {
    pauses.push(signal);
    await verification().pause(milliseconds, signal);
  };
  const wanted = verification({ pause, tell: (line) => told.push(line) });
  expect(await verify(cluster.cluster, wanted, leave)).toEqual({
    kind: 'rolled-out',
    expected: expecting(hash('a')),
    isSuperseded: false,
    tookMs: 7_000,
  });
  expect(told[0]).toBe('the Application does not exist');
  expect(told.at(-1)).toBe('Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1');
  expect(new Set(told).size).toBe(told.length);
  // Nothing is left behind that asks or watches.
  expect(pauses.map(({ aborted }) => aborted)).toEqual([true]);
  await expect.poll(() => cluster.isWatched()).toBe(false);
});

test('tells nothing before everything is listed', async () => {
  const cluster = await emptyCluster();
  sync(cluster, hash('a'), '1.2.4', true);
  const told: string[] = [];
  await verify(cluster.cluster, verification({ tell: (line) => told.push(line) }), leave);
  expect(told).toEqual(['Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1']);
});

test('says why a release fails, by what has happened since, and what hindered it in saying so', async () => {
  const wanted = verification();
  const { expected } = wanted;
  const cluster = await emptyCluster();
  cluster.refuseRefresh();
  cluster.logs(403, 'forbidden');
  cluster.put(paths.pods, pod('web-0', '1.2.3', crashing(9), 'web-0'));
  for (const time of ['09:59:59', '10:00:00']) warn(cluster, 'Pod', time);
  const persist = crash(cluster, '1.2.4');
  const told: string[] = [];
  const tell = (line: string): void => {
    told.push(line);
    if (told.length === 1) setImmediate(() => sync(cluster, expected.commit, '1.2.4', false));
    persist(line);
  };
  const reason = `Pod web-1 of ${imageOf('1.2.4')} fails: CrashLoopBackOff.`;
  const verified = await verify(cluster.cluster, { ...wanted, tell }, leave);
  expect(verified).toMatchObject({ kind: 'failed', expected, reason, reaction: null });
  const path = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/web-staging';
  expect(verified.kind === 'failed' && verified.lastWords.split('\n')).toEqual([
    expect.stringMatching(/^Pod web-1, container web: CrashLoopBackOff after \d+ restarts: back-off 10s$/),
    'Warning BackOff on Pod web-1: 10:00:00',
    expect.stringMatching('^Warning: this identity may not read the logs of web-staging'),
    `Warning: asking Argo CD to refresh the Application failed. PATCH ${path} was refused with HTTP 403: not by you`,
  ]);
  expect(told).toContain(`${expected.commit.slice(0, 7)} fails: ${reason}`);
});

test('says nothing of pods where none of the rollout fails', async () => {
  const wanted = verification();
  const { expected } = wanted;
  const cluster = await emptyCluster();
  cluster.refuseRefresh();
  cluster.logs(403, 'forbidden');
  sync(cluster, expected.commit, '1.2.4', true);
  cluster.put(paths.pods, pod('web-0', '1.2.3', crashing(9), 'web-0'));
  const tell = doubt(cluster, expected.commit);
  expect(await verify(cluster.cluster, { ...wanted, tell }, leave)).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^Argo CD reports ComparisonError: It failed \d+ times\.$/),
    lastWords: expect.stringMatching(/^Warning: asking Argo CD to refresh the Application failed\. .*$/),
  });
});

test('says all that was warned of where nothing is synced yet', async () => {
  const wanted = verification({ expected: expecting(hash('b')) });
  const { expected } = wanted;
  const cluster = await emptyCluster();
  warn(cluster, 'Deployment', '09:59:59');
  const revision = hash('a');
  const operationState = { phase: 'Succeeded', startedAt: '2026-01-01T10:00:00Z', syncResult: { revision } };
  const tell = doubt(cluster, expected.commit, { operationState });
  expect(await verify(cluster.cluster, { ...wanted, tell }, leave)).toMatchObject({
    kind: 'failed',
    lastWords: 'Warning BackOff on Deployment web: 09:59:59',
  });
});

test('fails a rollout whose endpoint answers as another version, in its words', async () => {
  const wanted = verification();
  const { expected } = wanted;
  const [right, old] = ['1.2.4', '1.2.3'].map((version) => ({ body: JSON.stringify({ version }) }));
  const { url } = await endpoint(right ?? null, old ?? null);
  const cluster = await emptyCluster();
  // What the cluster says is not about the endpoint.
  cluster.refuseRefresh();
  sync(cluster, expected.commit, '1.2.4', true);
  const asked = { url, path: '/version' };
  expect(await verify(cluster.cluster, { ...wanted, endpoint: asked }, leave)).toMatchObject({
    kind: 'failed',
    reason: `${url} answers version 1.2.3 of an unknown commit instead of 1.2.4, after it had answered correctly.`,
    lastWords: '',
    reaction: null,
  });
});

test.each([
  ['gives a rollout up that still gets further after 25 minutes', null, 'failed'],
  ['waits for as long as it was told to', 60 * 60_000, 'rolled-out'],
])('%s', async (_what, withinMs, kind) => {
  const wanted = verification({ expected: expecting(hash('b')) });
  const { expected } = wanted;
  const cluster = await emptyCluster();
  // Argo CD is still at the commit before, of which git has to be asked.
  const before = hash('a');
  cluster.onRefresh(() => application(cluster, before, 'Healthy'));
  const tell = (line: string): void => {
    if (!line.includes(before.slice(0, 7))) return;
    pass(26 * 60);
    sync(cluster, expected.commit, '1.2.4', true);
  };
  const patient = { ...expected, patienceMs: 60 * 60_000 };
  const verified = await verify(cluster.cluster, { ...wanted, expected: patient, withinMs, tell }, leave);
  expect(verified.kind).toBe(kind);
});

test('ends when it is told to', async () => {
  const cluster = await emptyCluster();
  const interruption = new AbortController();
  const wanted = verification({ signal: interruption.signal });
  const tell = (): void => interruption.abort(new Error('enough'));
  await expect(verify(cluster.cluster, { ...wanted, tell }, leave)).rejects.toThrow('enough');
});

test('lets something be done about a failure, and follows what that brings back', async () => {
  const wanted = verification({ expected: expecting(hash('b')) });
  const cluster = await emptyCluster();
  cluster.onRefresh(() => sync(cluster, hash('b'), '1.2.4', false));
  const persist = crash(cluster, '1.2.4');
  const verified = await verify(cluster.cluster, { ...wanted, tell: persist }, async (failed, again) => {
    sync(cluster, hash('c'), '1.2.3', true);
    return [failed.ending.kind, (await again(expecting(hash('c'), '1.2.3'))).ending.kind];
  });
  expect(verified).toMatchObject({ kind: 'failed', reaction: ['failed', 'rolled-out'] });
});

test.each([
  [5_000, ', 15 to 35 s left', false],
  [30_000, ', 0 to 10 s left', false],
  [61_000, ', for 61 s, 1.5 times the 40 s that were forecast at the most', true],
  [120_000, ', for 120 s, 3 times the 40 s that were forecast at the most', true],
])('a rollout that runs for %i ms tells its time left', (tookMs, says, isLate) => {
  expect(timeLeft([20_000, 40_000], tookMs, false)).toEqual({ says, isLate });
  expect(timeLeft([20_000, 40_000], tookMs, true)).toBeNull();
  expect(timeLeft(undefined, tookMs, false)).toBeNull();
});
