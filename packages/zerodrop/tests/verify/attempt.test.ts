import { expect, onTestFinished, test, vi } from 'vitest';
import { makeWatch, type RolloutState, type Watch } from '../../src/rollout/watch.ts';
import { attempt } from '../../src/verify/verify.ts';
import { expecting, hash, running, show } from './sample.ts';
import { endpoint } from './server.ts';
import { verification } from './verification.ts';

const { signal } = new AbortController();

function watching(...states: readonly RolloutState[]): Watch {
  const watch = makeWatch(signal);
  for (const state of states) show(watch, state);
  return watch;
}

const right = { body: JSON.stringify({ version: '1.2.4', revision: hash('5') }) };
const old = { body: JSON.stringify({ version: '1.2.3', revision: hash('4') }) };

test('follows a rollout to its end, and tells how long that took', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const watch = watching();
  const expected = expecting(hash('a'));
  const attempted = attempt(verification(), expected, watch, Infinity);
  vi.setSystemTime(Date.now() + 7_000);
  show(watch, running(hash('a'), '1.2.4'));
  expect(await attempted).toEqual({
    ending: { kind: 'rolled-out', expected, isSuperseded: false },
    objection: null,
    tookMs: 7_000,
  });
});

test.each([
  ['three times its slowest forecast', 100_000, 301, true],
  ['less than that', 100_000, 299, false],
  ['three times a short forecast, within the time that a new node takes', 20_000, 130, false],
  ['longer than a new node takes as well', 20_000, 141, true],
])('a rollout that took %s is complete, and late: %i ms, %i s', async (_what, slowestMs, seconds, isLate) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { application, deployment } = running(hash('a'), '1.2.4');
  const waiting = {
    application: { ...application, phaseRevision: hash('0'), sync: 'OutOfSync' },
    deployment,
    pods: [],
  };
  const begun = { application, deployment: { ...deployment, settled: false, available: 0 }, pods: [] };
  // The image is there, and the sync is waited for: that is no time of the rollout.
  const watch = watching(waiting as RolloutState);
  const attempted = attempt(
    verification(),
    { ...expecting(hash('a')), slowestMs, patienceMs: Infinity },
    watch,
    Infinity,
  );
  vi.setSystemTime(Date.now() + 1_000_000);
  show(watch, begun as RolloutState);
  vi.setSystemTime(Date.now() + seconds * 1_000);
  show(watch, running(hash('a'), '1.2.4'));
  const { ending, objection } = await attempted;
  expect([ending.kind, objection?.kind ?? null]).toEqual(['rolled-out', isLate ? 'late' : null]);
});

test('asks the endpoint of what is rolled out for its version', async () => {
  const { url } = await endpoint(right, old);
  const watch = watching(running(hash('a'), '1.2.4'));
  expect(
    await attempt(verification({ endpoint: { url, path: '/version' } }), expecting(hash('a')), watch, Infinity),
  ).toMatchObject({
    ending: { kind: 'rolled-out' },
    objection: { kind: 'wrong', says: expect.stringContaining('1.2.3 of 444444444444 instead of 1.2.4') },
  });
});

test('does not ask the endpoint of a rollout that failed', async () => {
  const { url, sockets } = await endpoint(right);
  const attempted = attempt(
    verification({ endpoint: { url, path: '/version' } }),
    expecting(hash('a')),
    watching(),
    Date.now() - 1,
  );
  expect(await attempted).toMatchObject({ ending: { kind: 'failed', isUnderWay: true }, objection: null });
  expect(sockets()).toBe(0);
});

test('ends in the middle of asking when it is told to', async () => {
  const interruption = new AbortController();
  const { url } = await endpoint('silence');
  const followed = verification({ endpoint: { url }, signal: interruption.signal });
  const attempted = attempt(followed, expecting(hash('a')), watching(running(hash('a'), '1.2.4')), Infinity);
  setTimeout(() => interruption.abort(new Error('enough')), 20);
  await expect(attempted).rejects.toThrow('enough');
});
