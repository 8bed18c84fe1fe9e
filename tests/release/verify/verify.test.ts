import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyCluster } from 'zerodrop/tests/rollout/kubernetes/empty-cluster.ts';
import { type Clock, machineClock } from '../../../release/publish/clock.ts';
import { verify } from '../../../release/verify/verify.ts';
import { verifiedReport } from '../../../release/verify/words.ts';
import { remoteOf } from '../remote.ts';
import { endpoint } from './probe/server.ts';
import { application, crash, crashing, doubt, pass, paths, pod, released, sync, warn } from './rollouts.ts';
import { expecting, hash, imageOf } from './sample.ts';
import { verification } from './verification.ts';

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
  const pause: Clock['pause'] = (milliseconds, signal) => {
    pauses.push(signal);
    return machineClock.pause(milliseconds, signal);
  };
  const wanted = verification('.', {}, { clock: { ...machineClock, pause } });
  expect(await verify(cluster.cluster, { ...wanted, tell: (line) => told.push(line) })).toEqual({
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
  await verify(cluster.cluster, { ...verification('.'), tell: (line) => told.push(line) });
  expect(told).toEqual(['Synced at aaaaaaa, Healthy, 1 updated and 1 available of 1']);
});

test('says why a release fails, by what has happened since, and what hindered it in saying so', async () => {
  const { expected, wanted } = await released('1.2.4');
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
  const verified = await verify(cluster.cluster, { ...wanted, tell });
  expect(verified).toMatchObject({ kind: 'failed', expected, reason, taken: { kind: 'left' }, back: null });
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
  const { expected, wanted } = await released('1.2.4');
  const cluster = await emptyCluster();
  cluster.refuseRefresh();
  cluster.logs(403, 'forbidden');
  sync(cluster, expected.commit, '1.2.4', true);
  cluster.put(paths.pods, pod('web-0', '1.2.3', crashing(9), 'web-0'));
  const tell = doubt(cluster, expected.commit);
  expect(await verify(cluster.cluster, { ...wanted, tell })).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/^Argo CD reports ComparisonError: It failed \d+ times\.$/),
    lastWords: expect.stringMatching(/^Warning: asking Argo CD to refresh the Application failed\. .*$/),
  });
});

test('says all that was warned of where nothing is synced yet', async () => {
  const { clone, expected, wanted } = await released('1.2.3', '1.2.4');
  const cluster = await emptyCluster();
  warn(cluster, 'Deployment', '09:59:59');
  const revision = clone.git('rev-parse', `${expected.commit}^`);
  const operationState = { phase: 'Succeeded', startedAt: '2026-01-01T10:00:00Z', syncResult: { revision } };
  const tell = doubt(cluster, expected.commit, { operationState });
  expect(await verify(cluster.cluster, { ...wanted, tell })).toMatchObject({
    kind: 'failed',
    lastWords: 'Warning BackOff on Deployment web: 09:59:59',
  });
});

test('fails a rollout whose endpoint answers as another version, in its words', async () => {
  const { expected, wanted } = await released('1.2.4');
  const [right, old] = ['1.2.4', '1.2.3'].map((version) => ({ body: JSON.stringify({ version }) }));
  const { url } = await endpoint(right ?? null, old ?? null);
  const cluster = await emptyCluster();
  sync(cluster, expected.commit, '1.2.4', true);
  const { target } = verification(wanted.surroundings.directory, { url });
  expect(await verify(cluster.cluster, { ...wanted, target })).toMatchObject({
    kind: 'failed',
    reason: `${url} answers version 1.2.3 of an unknown commit instead of 1.2.4, after it had answered correctly.`,
    lastWords: '',
    taken: { kind: 'left' },
  });
});

test.each([
  ['gives a rollout up that still gets further after 25 minutes', null, 'failed'],
  ['waits for as long as it was told to', 60 * 60_000, 'rolled-out'],
])('%s', async (_what, withinMs, kind) => {
  const { clone, expected, wanted } = await released('1.2.3', '1.2.4');
  const cluster = await emptyCluster();
  // Argo CD is still at the commit before, of which git has to be asked.
  const before = clone.git('rev-parse', `${expected.commit}^`);
  cluster.onRefresh(() => application(cluster, before, 'Healthy'));
  const tell = (line: string): void => {
    if (!line.includes(before.slice(0, 7))) return;
    pass(26 * 60);
    sync(cluster, expected.commit, '1.2.4', true);
  };
  const patient = { ...expected, patienceMs: 60 * 60_000 };
  const verified = await verify(cluster.cluster, { ...wanted, expected: patient, withinMs, tell });
  expect(verified.kind).toBe(kind);
});

test('ends when it is told to', async () => {
  const cluster = await emptyCluster();
  const interruption = new AbortController();
  const wanted = verification('.', {}, { signal: interruption.signal });
  const tell = (): void => interruption.abort(new Error('enough'));
  await expect(verify(cluster.cluster, { ...wanted, tell })).rejects.toThrow('enough');
});

test('takes a release back that fails, and waits until what ran before is back', async () => {
  const { clone: origin, expected, wanted } = await released('1.2.3', '1.2.4');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  const state = clone.state();
  const cluster = await emptyCluster();
  cluster.onRefresh(() => sync(cluster, expected.commit, '1.2.4', false));
  cluster.logs(200, 'The disk is full.\n');
  const persist = crash(cluster, '1.2.4');
  const tell = (line: string): void => {
    if (line.startsWith('rolled back')) sync(cluster, remote.git('rev-parse', 'main'), '1.2.3', true);
    persist(line);
  };
  const { target, surroundings } = verification(clone.directory, { autoRollback: true });
  const verified = await verify(cluster.cluster, { ...wanted, target, surroundings, tell });
  const { stderr, exitCode } = verifiedReport('staging', null, verified);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Last lines of web-1:\n  The disk is full.\n');
  expect(stderr).toContain(`Rolled back from 1.2.4 to 1.2.3: ${remote.git('rev-parse', 'main')} reverts it.\n1.2.3 (`);
  expect(stderr).toContain(' runs again after ');
  expect(remote.git('log', '-1', '--format=%s', 'main')).toBe('Revert "Release web 1.2.4 to staging"');
  expect(clone.state()).toBe(state);
});
