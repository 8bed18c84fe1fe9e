import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coalesce } from '../../../../src/rehearse/embedded/control-plane/views.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000 }));
afterEach(() => vi.useRealTimers());

test('works once for a burst, with the time of its beginning, and again for the next', () => {
  const since: number[] = [];
  const call = coalesce(10, (at) => since.push(at));
  call();
  vi.advanceTimersByTime(4);
  call();
  vi.advanceTimersByTime(6);
  expect(since).toEqual([1_000]);
  call();
  vi.advanceTimersByTime(10);
  expect(since).toEqual([1_000, 1_010]);
});
