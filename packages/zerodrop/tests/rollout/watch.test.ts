import { expect, test } from 'vitest';
import { makeWatch, type Observed } from '../../src/rollout/watch.ts';

const endpoints: Observed = { at: 5, kind: 'endpoints', ready: ['web-1'] };
const pods = (at: number, state: 'ready' | 'starting'): Observed => ({
  at,
  kind: 'pods',
  pods: [{ name: 'web-1', replicaSet: 'web', image: 'web:v1', state }],
});

test('a wait ends with the observation that decides it', async () => {
  const watch = makeWatch(new AbortController().signal);
  const ready = watch.until(({ pods: [first] }) => (first?.state === 'ready' ? first.name : null), 1_000);

  watch.see(pods(10, 'starting'));
  watch.see(endpoints);
  watch.see(pods(20, 'ready'));

  expect(await ready).toEqual({ value: 'web-1', at: 20 });
  expect(watch.observed).toHaveLength(3);
});

test('a wait that nothing decides ends empty-handed', async () => {
  expect(await makeWatch(new AbortController().signal).until(() => null, 1)).toBeNull();
});

test('an interruption ends every wait', async () => {
  const controller = new AbortController();
  const wait = makeWatch(controller.signal).until(() => null, 60_000);

  controller.abort(new Error('interrupted by SIGINT'));

  await expect(wait).rejects.toThrow('interrupted by SIGINT');
});
