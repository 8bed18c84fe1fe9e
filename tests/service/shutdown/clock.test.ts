import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../service/shutdown/clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('runs once after a time, and again and again every time', () => {
  const ran: string[] = [];
  systemClock.after(100, () => ran.push('once'));
  systemClock.every(100, () => ran.push('again'));
  vi.advanceTimersByTime(99);
  expect(ran).toEqual([]);
  vi.advanceTimersByTime(201);
  expect(ran).toEqual(['once', 'again', 'again', 'again']);
});
