import { expect, test } from 'vitest';
import { exitCode, nextPhase, type Occurrence, type Phase } from '../../../service/shutdown/shutdown.ts';

/** Every phase that a sequence of occurrences leads through. */
function way(drainMs: number, ...occurrences: readonly Occurrence[]): Phase[] {
  let phase: Phase = 'starting';
  return occurrences.map((occurrence) => (phase = nextPhase(phase, occurrence, drainMs)));
}

test('serves, drains, closes, ends', () => {
  expect(way(5_000, 'listening', 'signal', 'drained', 'closed')).toEqual([
    'serving',
    'draining',
    'closing',
    'finished',
  ]);
});

test('closes at once without a drain', () => {
  expect(way(0, 'listening', 'signal', 'closed')).toEqual(['serving', 'closing', 'finished']);
});

test('ends at once where it serves nobody yet', () => {
  expect(way(5_000, 'signal', 'listening')).toEqual(['finished', 'finished']);
});

test('goes on at a second signal, in the drain and after it', () => {
  expect(way(5_000, 'listening', 'signal', 'signal')).toEqual(['serving', 'draining', 'draining']);
  expect(way(0, 'listening', 'signal', 'signal')).toEqual(['serving', 'closing', 'closing']);
});

test('is cut short by insistence, in the drain and after it', () => {
  expect(way(5_000, 'listening', 'signal', 'insistence')).toEqual(['serving', 'draining', 'cut short']);
  expect(way(0, 'listening', 'signal', 'insistence')).toEqual(['serving', 'closing', 'cut short']);
});

test('runs out of time while closing, and only then', () => {
  expect(way(5_000, 'listening', 'limit', 'signal', 'limit', 'drained', 'limit')).toEqual([
    'serving',
    'serving',
    'draining',
    'draining',
    'closing',
    'out of time',
  ]);
});

test.each(['finished', 'cut short', 'out of time'] as const)('stays %s', (end) => {
  for (const occurrence of ['listening', 'signal', 'insistence', 'drained', 'closed', 'limit'] as const) {
    expect(nextPhase(end, occurrence, 5_000)).toBe(end);
  }
});

test('goes on without an exit code until an end is reached', () => {
  for (const phase of ['starting', 'serving', 'draining', 'closing'] as const) {
    expect(exitCode(phase, 0)).toBeUndefined();
  }
});

test('ends with 1 only where an answer may be lost', () => {
  expect(exitCode('finished', 0)).toBe(0);
  expect(exitCode('finished', 1)).toBe(1);
  expect(exitCode('cut short', 0)).toBe(1);
  expect(exitCode('out of time', 1)).toBe(1);
  expect(exitCode('out of time', 0)).toBe(0);
});
