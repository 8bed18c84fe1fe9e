import { expect, test } from 'vitest';
import { pinnedNow, place, type Standing } from '../../../release/history/placing.ts';

const pin = (name: string) => ({ image: `web:${name}`, source: name });

/** A newer source that was never released, on top of a. */
const standing = (other: Partial<Standing> = {}): Standing => ({
  wanted: pin('b'),
  pinned: pin('a'),
  order: 'newer',
  former: null,
  wasPinned: false,
  stands: false,
  ...other,
});

test.each([
  ['newer', standing(), 'go'],
  ['the first', standing({ pinned: null, order: 'same' }), 'go'],
  ['the same', standing({ pinned: pin('b'), order: 'same', wasPinned: true }), 'go'],
  ['built again', standing({ pinned: { image: 'web:old', source: 'b' }, order: 'same' }), 'go'],
  ['older', standing({ order: 'older' }), 'superseded'],
  ['taken back', standing({ former: pin('b'), wasPinned: true }), 'rolled-back'],
  ['part of what was taken back', standing({ former: pin('c') }), 'rolled-back'],
  ['the first, taken back', standing({ pinned: null, order: 'same', former: pin('b') }), 'rolled-back'],
  [
    'built again, and taken back',
    standing({ pinned: { image: 'web:old', source: 'b' }, order: 'same', wasPinned: true }),
    'rolled-back',
  ],
  [
    'built again, and a late run of the former build',
    standing({ pinned: { image: 'web:new', source: 'b' }, order: 'same', wasPinned: true, stands: true }),
    'built-again',
  ],
])('%s: %#', (_, asked, kind) => {
  expect(place(asked, false).kind).toBe(kind);
  // To ask again overrides what was taken back, and never what is newer.
  expect(place(asked, true).kind).toBe(['rolled-back', 'built-again'].includes(kind) ? 'go' : kind);
});

test('tells what stands against it', () => {
  expect(place(standing({ order: 'older' }), false)).toEqual({ kind: 'superseded', pinned: pin('a') });
  expect(place(standing({ former: pin('c') }), false)).toEqual({
    kind: 'rolled-back',
    former: pin('c'),
    pinned: pin('a'),
  });
});

test('leaves to people what is neither older nor newer', () => {
  expect(() => place(standing({ order: 'apart' }), true)).toThrow('neither older nor newer than a, which is pinned');
});

test('what nothing is pinned against is never superseded', () => {
  expect(place(standing({ pinned: null, order: 'older' }), false)).toEqual({ kind: 'go' });
  expect(place(standing({ pinned: null, order: 'apart' }), false)).toEqual({ kind: 'go' });
});

test('what runs is the last pin that can be read', () => {
  const broken = { commit: 'c2', isGone: false, pin: null };
  const good = { commit: 'c1', isGone: false, pin: pin('a') };
  expect(pinnedNow([broken, good])).toEqual(pin('a'));
  expect(pinnedNow([{ commit: 'c2', isGone: true, pin: null }, good])).toBeNull();
  expect(pinnedNow([])).toBeNull();
});
