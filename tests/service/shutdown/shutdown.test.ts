import { expect, onTestFinished, test, vi } from 'vitest';
import { createShutdown, type ShutdownPlan, systemClock } from '../../../service/shutdown/shutdown.ts';
import { handClock } from './hand-clock.ts';

interface Left {
  readonly requests?: number;
  readonly upgraded?: number;
  readonly unfinished?: number;
  readonly isFlushing?: boolean;
  readonly isClean?: boolean;
}

/** A shutdown whose parts only write down what is asked of them. */
function recorded(plan: ShutdownPlan, left: Left = {}) {
  const did: string[] = [];
  const clock = handClock();
  const waiting: (() => void)[] = [];
  const server = {
    stopListening(closed: () => void) {
      did.push('close listener');
      waiting.push(closed);
    },
    closeIdleConnections: () => void did.push('close idle'),
  };
  const tell = createShutdown(plan, {
    server,
    requests: {
      count: () => left.requests ?? 0,
      isFlushing: () => left.isFlushing ?? false,
      announceClose: () => void did.push('announce'),
    },
    upgraded: {
      count: () => left.upgraded ?? 0,
      unfinished: () => left.unfinished ?? 0,
      finish: () => void did.push('finish upgraded'),
    },
    lifecycle: {
      leave: () => void did.push('leave'),
      closeAll: async (withinMs) => {
        did.push(`close resources within ${withinMs}`);
        return left.isClean ?? true;
      },
    },
    closeSilentConnections: () => void did.push('close silent'),
    clock,
    onPhase: (phase, open) => void did.push(`${phase}, ${open.requests} open`),
    exit: (code) => void did.push(`exit ${code}`),
  });
  return { did, tell, pass: clock.pass, closed: () => waiting.forEach((closed) => closed()) };
}

/** Lets what was promised happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('keeps listening for the whole drain, and closes after it', async () => {
  const { did, tell, pass, closed } = recorded({ drainMs: 5_000, limitMs: 10_000 });
  tell('listening');
  tell('signal');
  pass(4_999);
  expect(did).toEqual(['serving, 0 open', 'announce', 'leave', 'draining, 0 open']);
  pass(1);
  expect(did.slice(4)).toEqual(['close listener', 'finish upgraded', 'closing, 0 open']);
  closed();
  await settled();
  expect(did.slice(7)).toEqual(['finished, 0 open', 'close resources within 2000', 'exit 0']);
});

test('counts the drain from the signal, however long it served before', () => {
  const { did, tell, pass } = recorded({ drainMs: 5_000, limitMs: 10_000 });
  tell('listening');
  pass(60_000);
  tell('signal');
  pass(4_999);
  expect(did.at(-1)).toBe('draining, 0 open');
  pass(1);
  expect(did.at(-1)).toBe('closing, 0 open');
});

test('adds up the requests and the connections that wait', async () => {
  const { did, tell, closed } = recorded({ drainMs: 0, limitMs: 500 }, { requests: 1, unfinished: 1 });
  tell('listening');
  tell('signal');
  closed();
  await settled();
  expect(did.at(-1)).toBe('exit 1');
});

test('closes the listener at once without a drain', () => {
  const { did, tell } = recorded({ drainMs: 0, limitMs: 10_000 });
  tell('listening');
  tell('signal');
  expect(did).toEqual(['serving, 0 open', 'announce', 'leave', 'close listener', 'finish upgraded', 'closing, 0 open']);
});

test('sweeps idle connections every 100 ms, and silent ones after a second', () => {
  const { did, tell, pass } = recorded({ drainMs: 0, limitMs: 10_000 });
  tell('listening');
  tell('signal');
  did.length = 0;
  pass(250);
  expect(did).toEqual(['close idle', 'close idle']);
  pass(1_000);
  expect(did.filter((what) => what === 'close silent')).toHaveLength(1);
});

test('sweeps nothing while an answer waits for its client', () => {
  const { did, tell, pass } = recorded({ drainMs: 0, limitMs: 10_000 }, { requests: 1, isFlushing: true });
  tell('listening');
  tell('signal');
  pass(5_000);
  expect(did).not.toContain('close idle');
});

test.each([
  ['requests', { requests: 2 }, 1],
  ['connections that were not told of the end', { upgraded: 3, unfinished: 1 }, 1],
  ['connections that ask nothing', { upgraded: 3 }, 0],
])('gives up at the limit with %s', async (_what, left, code) => {
  const { did, tell, pass } = recorded({ drainMs: 5_000, limitMs: 500 }, left);
  tell('listening');
  tell('signal');
  pass(5_499);
  await settled();
  expect(did.join()).not.toContain('exit');
  pass(1);
  await settled();
  expect(did.filter((what) => what !== 'close idle').slice(-3)).toEqual([
    `out of time, ${'requests' in left ? 2 : 0} open`,
    'close resources within 2000',
    `exit ${code}`,
  ]);
});

test('says so in its exit code where a resource could not be closed', async () => {
  const { did, tell, closed } = recorded({ drainMs: 0, limitMs: 500 }, { isClean: false });
  tell('listening');
  tell('signal');
  closed();
  await settled();
  expect(did.at(-1)).toBe('exit 1');
});

test('does not take every connection being closed for every request being answered', async () => {
  const { did, tell, closed } = recorded({ drainMs: 0, limitMs: 500 }, { requests: 1 });
  tell('listening');
  tell('signal');
  closed();
  await settled();
  expect(did.at(-1)).toBe('exit 1');
});

test('goes on at a second signal, and ends at once at insistence, and only once', async () => {
  const { did, tell, pass } = recorded({ drainMs: 5_000, limitMs: 500 }, { requests: 1 });
  tell('listening');
  tell('signal');
  tell('signal');
  await settled();
  expect(did.at(-1)).toBe('draining, 1 open');
  tell('insistence');
  tell('insistence');
  pass(10_000);
  await settled();
  expect(did.slice(4)).toEqual(['cut short, 1 open', 'exit 1']);
});

test('ends at once before it listens', async () => {
  const { did, tell } = recorded({ drainMs: 5_000, limitMs: 500 });
  tell('signal');
  await settled();
  expect(did).toEqual(['finished, 0 open', 'close resources within 2000', 'exit 0']);
});

test('runs once after a time, and again and again every time', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ran: string[] = [];
  systemClock.after(100, () => ran.push('once'));
  systemClock.every(100, () => ran.push('again'));
  vi.advanceTimersByTime(99);
  expect(ran).toEqual([]);
  vi.advanceTimersByTime(201);
  expect(ran).toEqual(['once', 'again', 'again', 'again']);
});
