import { expect, test } from 'vitest';
import type { PinChange } from '../../../release/history/pin-changes.ts';
import { entriesOf, figuresOf } from '../../../release/history/record.ts';

const hour = 3_600;
const day = 24 * hour;

/** The entries of states that were committed a day apart: `-` for no file, `?` for a broken one. */
function entries(...states: readonly string[]) {
  const changes: readonly PinChange[] = states
    .map((state, index) => ({
      commit: `c${index}`,
      isGone: state === '-',
      pin: /[-?]/.test(state) ? null : { image: state, source: state.toLowerCase() },
    }))
    .toReversed();
  return entriesOf(changes, new Map(states.map((_, index) => [`c${index}`, (index + 1) * day])));
}

const told = (...states: readonly string[]): string =>
  entries(...states)
    .map(({ kind, pin, takenBackSeconds }) => {
      const back = takenBackSeconds === null ? '' : ` until ${takenBackSeconds / day}`;
      return `${kind} ${pin?.image ?? '-'}${back}`;
    })
    .toReversed()
    .join(', ');

test.each([
  [[], ''],
  [['A', 'B'], 'release A, release B'],
  [['A', 'B', 'A'], 'release A, release B until 3, rollback A'],
  // A rollback takes back all that came after what it returns to.
  [['A', 'B', 'C', 'A'], 'release A, release B until 4, release C until 4, rollback A'],
  [['A', 'B', 'C', 'B', 'A'], 'release A, release B until 5, release C until 4, rollback B, rollback A'],
  // What was taken back and comes again is a release.
  [['A', 'B', 'A', 'B'], 'release A, release B until 3, rollback A, release B'],
  [['A', '-', 'A'], 'release A, removal -, release A'],
  // A broken file never ran, and the same pin in another format changes nothing.
  [['A', '?', 'B'], 'release A, release B'],
  [['A', 'A', 'B'], 'release A, release B'],
  [['-', 'A'], 'release A'],
])('%j is %s', (states, words) => {
  expect(told(...states)).toBe(words);
});

test('each runs until the next comes', () => {
  const [now, before] = entries('A', 'B');
  expect([before?.atSeconds, before?.untilSeconds, now?.atSeconds, now?.untilSeconds]).toEqual([
    day,
    2 * day,
    2 * day,
    null,
  ]);
  expect([now?.before?.image, before?.before]).toEqual(['A', null]);
});

test('counts what a period has, and leaves out what was taken back of the lead time', () => {
  const all = entries('A', 'B', 'C', 'B', 'D');
  const committed = new Map([
    ['c1', [2 * day - 4 * hour]],
    ['c2', [0]],
    ['c4', [5 * day - hour, 5 * day - 2 * hour, 6 * day]],
  ]);
  expect(figuresOf(all, committed, { fromSeconds: 1.5 * day, toSeconds: 1.5 * day + 14 * day })).toEqual({
    releases: 3,
    releasesPerWeek: 1.5,
    // 4 h, 1 h, 2 h, and none for a commit whose clock was ahead.
    leadTimeSeconds: 1.5 * hour,
    leadTimeCommits: 4,
    takenBack: 1,
    takenBackShare: 1 / 3,
    restoreSeconds: day,
    restores: 1,
  });
});

test('a rollback past several releases restores what the first of them broke', () => {
  const period = { fromSeconds: 0, toSeconds: 7 * day };
  expect(figuresOf(entries('A', 'B', 'C', 'A'), new Map(), period)).toMatchObject({
    takenBack: 2,
    restoreSeconds: 2 * day,
    restores: 1,
  });
});

test('has no median and no share of nothing', () => {
  expect(figuresOf([], new Map(), { fromSeconds: 0, toSeconds: 7 * day })).toEqual({
    releases: 0,
    releasesPerWeek: 0,
    leadTimeSeconds: null,
    leadTimeCommits: 0,
    takenBack: 0,
    takenBackShare: null,
    restoreSeconds: null,
    restores: 0,
  });
});
