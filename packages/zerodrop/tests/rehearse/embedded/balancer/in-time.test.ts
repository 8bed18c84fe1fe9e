import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTime } from '../../../../src/rehearse/embedded/balancer/traffic.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000 }));
afterEach(() => vi.useRealTimers());

function receive(): { readonly heard: string[]; readonly give: (value: string, at: number) => void } {
  const heard: string[] = [];
  return { heard, give: inTime((value: string) => heard.push(value)) };
}

test('hands on each value when its time has come', () => {
  const { heard, give } = receive();
  give('first', 1_100);
  give('second', 1_200);
  vi.advanceTimersByTime(99);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(heard).toEqual(['first']);
  vi.advanceTimersByTime(100);
  expect(heard).toEqual(['first', 'second']);
});

test('keeps back an older value that comes after a newer one', () => {
  const { heard, give } = receive();
  give('newer', 900);
  give('older', 800);
  give('newest', 901);
  vi.advanceTimersByTime(10);
  expect(heard).toEqual(['newer', 'newest']);
});
