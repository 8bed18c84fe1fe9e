import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { refreshAgainAndAgain } from '../../src/verify/follow.ts';

/** A clock on which so many pauses are over at once, and the next one when it is ended. */
function clock(over: number) {
  const pauses: number[] = [];
  return {
    pauses,
    pause: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        pauses.push(milliseconds);
        if (pauses.length <= over || signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve());
      }),
  };
}

test('asks at once and every 5 s, and stops when told to', async () => {
  const { pause, pauses } = clock(2);
  let asked = 0;
  const ask = async (): Promise<void> => void (asked += 1);
  const asking = refreshAgainAndAgain(ask, pause);
  await expect.poll(() => asked).toBe(3);
  await asking.stop();
  expect([asked, pauses]).toEqual([3, [5_000, 5_000, 5_000]]);
  expect(asking.trouble()).toBeNull();
});

test('tells what the last call met with', async () => {
  const troubles = [new Error('PATCH was refused'), 'a word'];
  const asking = refreshAgainAndAgain(() => Promise.reject(troubles[0]), clock(0).pause);
  await expect.poll(() => asking.trouble()).toBe('PATCH was refused');
  await asking.stop();
  let isOver = false;
  const passing = refreshAgainAndAgain(async () => {
    if (!isOver) throw troubles[1];
  }, clock(0).pause);
  await expect.poll(() => passing.trouble()).toBe('a word');
  isOver = true;
  await passing.stop();
});

test('has stopped when the call that was under way is over', async () => {
  const calls = new EventEmitter();
  const asking = refreshAgainAndAgain(() => once(calls, 'end').then(() => undefined), clock(0).pause);
  let isOver = false;
  const stopped = asking.stop().then(() => (isOver = true));
  await nextTurn();
  expect(isOver).toBe(false);
  calls.emit('end');
  await stopped;
});
