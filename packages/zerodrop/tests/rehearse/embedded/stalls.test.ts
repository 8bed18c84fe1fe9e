import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchStalls } from '../../../src/rehearse/embedded/programs.ts';

test('tells how long this process did nothing else', async () => {
  const told: number[] = [];
  const stop = watchStalls((ms) => told.push(ms));
  await pause(100);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  while (told.length === 0) await pause(50);
  stop();

  expect(Math.max(...told)).toBeGreaterThanOrEqual(350);
});
