import { expect, test } from 'vitest';
import { oneAtATime } from '../../../../src/rehearse/embedded/argo-cd/sync.ts';

test('runs once more after a run that was asked during it, however often', async () => {
  let runs = 0;
  let active = 0;
  let most = 0;
  const work = oneAtATime(async () => {
    active += 1;
    most = Math.max(most, active);
    await Promise.resolve();
    runs += 1;
    active -= 1;
  });
  await Promise.all([work(), work(), work(), work()]);
  expect({ runs, most }).toEqual({ runs: 2, most: 1 });
  await work();
  expect(runs).toBe(3);
});

test('goes on after a run that failed, and lets the caller know', async () => {
  let runs = 0;
  const work = oneAtATime(async () => {
    runs += 1;
    if (runs === 1) throw new Error('no');
    return Promise.resolve();
  });
  const [first, second] = await Promise.allSettled([work(), work()]);
  expect([first.status, second.status, runs]).toEqual(['rejected', 'fulfilled', 2]);
});
