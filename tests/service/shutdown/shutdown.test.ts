import { expect, test } from 'vitest';
import type { Clock } from '../../../service/shutdown/clock.ts';
import { createShutdown, type ShutdownPlan } from '../../../service/shutdown/shutdown.ts';

/** A clock that stands still until `pass` moves it on. */
function handClock(): Clock & { pass: (ms: number) => void } {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => void due.push({ at: now + ms, run });
  const every = (ms: number, run: () => void) =>
    after(ms, () => {
      run();
      every(ms, run);
    });
  function pass(ms: number): void {
    const end = now + ms;
    for (;;) {
      const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      due.splice(due.indexOf(next), 1);
      now = next.at;
      next.run();
    }
    now = end;
  }
  return { after, every, pass };
}

/** A shutdown whose parts only write down what is asked of them. */
function recorded(plan: ShutdownPlan, openRequests = 0) {
  const did: string[] = [];
  const clock = handClock();
  const waiting: (() => void)[] = [];
  const server = {
    close(closed: () => void) {
      did.push('close listener');
      waiting.push(closed);
    },
    closeIdleConnections: () => void did.push('close idle'),
  };
  const tell = createShutdown(plan, {
    server,
    requests: { count: () => openRequests, announceClose: () => void did.push('announce') },
    closeSilentConnections: () => void did.push('close silent'),
    clock,
    onPhase: (phase, open) => void did.push(`${phase}, ${open} open`),
    exit: (code) => void did.push(`exit ${code}`),
  });
  return { did, tell, pass: clock.pass, closed: () => waiting.forEach((closed) => closed()) };
}

test('keeps listening for the whole drain, and closes after it', () => {
  const { did, tell, pass, closed } = recorded({ drainMs: 5_000, limitMs: 10_000 });
  tell('listening');
  tell('signal');
  pass(4_999);
  expect(did).toEqual(['serving, 0 open', 'announce', 'draining, 0 open']);
  pass(1);
  expect(did.slice(3)).toEqual(['announce', 'close listener', 'closing, 0 open']);
  closed();
  expect(did.slice(6)).toEqual(['finished, 0 open', 'exit 0']);
});

test('closes the listener at once without a drain', () => {
  const { did, tell } = recorded({ drainMs: 0, limitMs: 10_000 });
  tell('listening');
  tell('signal');
  expect(did).toEqual(['serving, 0 open', 'announce', 'close listener', 'closing, 0 open']);
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

test('gives up at the limit, with the count of what is open', () => {
  const { did, tell, pass } = recorded({ drainMs: 5_000, limitMs: 500 }, 2);
  tell('listening');
  tell('signal');
  pass(5_499);
  expect(did).not.toContain('exit 1');
  pass(1);
  expect(did.filter((what) => what !== 'close idle').slice(-2)).toEqual(['out of time, 2 open', 'exit 1']);
});

test('does not blame itself at the limit for connections that ask nothing', () => {
  const { did, tell, pass } = recorded({ drainMs: 0, limitMs: 500 }, 0);
  tell('listening');
  tell('signal');
  pass(500);
  expect(did.filter((what) => what !== 'close idle').slice(-2)).toEqual(['out of time, 0 open', 'exit 0']);
});

test('ends at once at a second signal, and only once', () => {
  const { did, tell, pass } = recorded({ drainMs: 5_000, limitMs: 500 }, 1);
  tell('listening');
  tell('signal');
  tell('signal');
  tell('signal');
  pass(10_000);
  expect(did.slice(3)).toEqual(['cut short, 1 open', 'exit 1']);
});

test('ends at once before it listens', () => {
  const { did, tell } = recorded({ drainMs: 5_000, limitMs: 500 });
  tell('signal');
  expect(did).toEqual(['finished, 0 open', 'exit 0']);
});
