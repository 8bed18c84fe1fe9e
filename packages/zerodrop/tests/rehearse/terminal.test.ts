import { expect, onTestFinished, test, vi } from 'vitest';
import { makeSteps, startupOf, startupWords, statusLine } from '../../src/rehearse/terminal.ts';
import { makeWatch, type PodState } from '../../src/rollout/watch.ts';

const rollout = {
  name: 'release',
  revision: 'b'.repeat(40),
  from: 'v1',
  to: 'v2',
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  boundMs: 25_500,
  pushedAt: 1_000,
  syncedAt: 2_000,
  completeAt: 11_500,
  lastOldPodGoneAt: 17_000,
  failure: null,
} as const;

test('a step is a line with the time since the start', () => {
  const written: string[] = [];
  const steps = makeSteps({ write: (text) => void written.push(text), columns: () => null }, Date.now());

  steps.done('embedded cluster booted');
  steps.rolled(rollout);
  steps.rolled({ ...rollout, failure: 'Pod web-1 fails.' });

  expect(written[0]).toMatch(/^ +\d+\.\d s {2}embedded cluster booted\n$/);
  expect(written[1]).toContain('release: v2 synced after 1.0 s, complete after 10.5 s, last old pod gone after 16.0 s');
  expect(written[2]).toContain('release: Pod web-1 fails.');
});

test('the status line shows every pod by its state', () => {
  const pod = { name: 'web', replicaSet: 'web', image: 'host:5000/web:v1@sha256:0', state: 'ready' } as const;
  const state = {
    application: null,
    deployment: null,
    pods: [
      pod,
      { ...pod, state: 'terminating' as const },
      { ...pod, image: 'web:v2@sha256:1', state: 'starting' as const },
    ],
  };

  expect(statusLine(state, 2_300, 0)).toBe('0 failed  no application  v1 *x  v2 o  2,300 sent');
});

test('a line every 10 s where none can be rewritten, and one that is rewritten within the width that there is now', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const watch = makeWatch(new AbortController().signal);
  const written: string[] = [];
  let width: number | null = null;
  const screen = { write: (text: string) => void written.push(text), columns: () => width };
  const steps = makeSteps(screen, Date.now());
  steps.follow(watch, [], 0);
  vi.advanceTimersByTime(25_000);
  steps.end();
  expect(written).toEqual([
    '  10.0 s  0 failed  no application  0 sent\n',
    '  20.0 s  0 failed  no application  0 sent\n',
  ]);

  width = 80;
  const narrower = makeSteps(screen, Date.now());
  narrower.follow(watch, [], 0);
  width = 21;
  vi.advanceTimersByTime(250);
  narrower.end();
  expect(written[2]).toBe('\r\u001B[2K   0.3 s  0 failed  ');
});

const podsAt = (at: number, ...states: readonly PodState[]) => {
  const named = states.map((state, n) => ({ name: `web-${n}`, replicaSet: 'web-1', image: 'web:1', state }));
  return { at, kind: 'pods', pods: named } as const;
};
const listening = (pod: string, afterMs: number) => ({ at: 0, kind: 'listening', pod, port: 8_080, afterMs }) as const;

test('measures how long the slowest pod took to listen and to be ready', () => {
  const seen = [
    podsAt(100, 'pending', 'starting'),
    podsAt(200, 'starting', 'starting'),
    listening('web-1', 600),
    podsAt(900, 'starting', 'ready'),
    listening('web-0', 1_250),
    podsAt(1_900, 'ready', 'ready'),
    podsAt(5_000, 'starting', 'ready'),
    podsAt(9_000, 'ready', 'ready'),
  ];

  expect(startupOf(seen)).toEqual({ listeningMs: 1_250, readyMs: 1_700 });
  expect(startupWords({ listeningMs: 1_250, readyMs: 1_700 })).toBe(
    'pods listen 1.3 s after their start, and are ready after 1.7 s',
  );
  expect(startupOf(seen.slice(0, 1))).toBeNull();
});
