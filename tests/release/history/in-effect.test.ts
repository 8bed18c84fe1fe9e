import { expect, test } from 'vitest';
import { type PinChange, releasesInEffect } from '../../../release/history/pin-changes.ts';

/** The changes of a pin file, from its states in the order in which they were committed: `-` for no file, `?` for a broken one. */
function changes(...states: readonly string[]): readonly PinChange[] {
  return states
    .map((state, index) => ({
      commit: `c${index}`,
      isGone: state === '-',
      pin: /[-?]/.test(state) ? null : { image: state, source: state },
    }))
    .toReversed();
}

const standing = (...states: readonly string[]): string =>
  releasesInEffect(changes(...states))
    .map(({ commit, pin }) => `${pin.image}@${commit}`)
    .join(' ');

test.each([
  [['A', 'B', 'C'], 'A@c0 B@c1 C@c2'],
  // Each return takes back all that came after.
  [['A', 'B', 'C', 'B'], 'A@c0 B@c1'],
  [['A', 'B', 'C', 'B', 'A'], 'A@c0'],
  [['A', 'B', 'C', 'A'], 'A@c0'],
  // A release after a return, and its own return.
  [['A', 'B', 'A', 'C'], 'A@c0 C@c3'],
  [['A', 'B', 'A', 'C', 'A'], 'A@c0'],
  // What was taken back and released again stands by the newer commit.
  [['A', 'B', 'A', 'B'], 'A@c0 B@c3'],
  // The first release can be taken back as well, and then nothing stands.
  [['A', '-'], ''],
  [['A', 'B', '-', 'C'], 'C@c3'],
  // A broken file never ran.
  [['A', '?', 'B'], 'A@c0 B@c2'],
  [['A', '?', 'A'], 'A@c0'],
  [[], ''],
])('%j leaves %s', (states, left) => {
  expect(standing(...states)).toBe(left);
});

test('the same source with another image is another release', () => {
  const built = { image: 'web:1', source: 's' };
  const rebuilt = { image: 'web:1-rebuilt', source: 's' };
  const newestFirst = [rebuilt, built].map((pin, index) => ({ commit: `c${index}`, isGone: false, pin }));
  expect(releasesInEffect(newestFirst)).toHaveLength(2);
});

test('the same image of another source is another release', () => {
  const pins = [
    { image: 'web:1', source: 'b' },
    { image: 'web:1', source: 'a' },
  ];
  expect(releasesInEffect(pins.map((pin, index) => ({ commit: `c${index}`, isGone: false, pin })))).toHaveLength(2);
});
