import { expect, test } from 'vitest';
import { decide, type KnownRelease, pinnedNow } from '../../../release/history/decision.ts';

const pin = (name: string) => ({ image: `web:${name}`, source: name });

/** A newer source that was never released, on top of a. */
const known = (other: Partial<KnownRelease> = {}): KnownRelease => ({
  wanted: pin('b'),
  pinned: pin('a'),
  order: 'newer',
  former: null,
  wasPinned: false,
  isInEffect: false,
  ...other,
});

test.each([
  ['newer', known(), 'go'],
  ['the first', known({ pinned: null, order: 'same' }), 'go'],
  ['the same', known({ pinned: pin('b'), order: 'same', wasPinned: true }), 'go'],
  ['built again', known({ pinned: { image: 'web:old', source: 'b' }, order: 'same' }), 'go'],
  ['older', known({ order: 'older' }), 'superseded'],
  ['taken back', known({ former: pin('b'), wasPinned: true }), 'rolled-back'],
  ['part of what was taken back', known({ former: pin('c') }), 'rolled-back'],
  ['the first, taken back', known({ pinned: null, order: 'same', former: pin('b') }), 'rolled-back'],
  [
    'built again, and taken back',
    known({ pinned: { image: 'web:old', source: 'b' }, order: 'same', wasPinned: true }),
    'rolled-back',
  ],
  [
    'built again, and a late run of the former build',
    known({ pinned: { image: 'web:new', source: 'b' }, order: 'same', wasPinned: true, isInEffect: true }),
    'built-again',
  ],
])('%s: %#', (_, asked, kind) => {
  expect(decide(asked, false).kind).toBe(kind);
  // To ask again overrides what was taken back, and never what is newer.
  expect(decide(asked, true).kind).toBe(['rolled-back', 'built-again'].includes(kind) ? 'go' : kind);
});

test('tells what stands against it', () => {
  expect(decide(known({ order: 'older' }), false)).toEqual({ kind: 'superseded', pinned: pin('a') });
  expect(decide(known({ former: pin('c') }), false)).toEqual({
    kind: 'rolled-back',
    former: pin('c'),
    pinned: pin('a'),
  });
});

test('leaves to people what is neither older nor newer', () => {
  expect(() => decide(known({ order: 'apart' }), true)).toThrow('neither older nor newer than a, which is pinned');
});

test('what nothing is pinned against is never superseded', () => {
  expect(decide(known({ pinned: null, order: 'older' }), false)).toEqual({ kind: 'go' });
  expect(decide(known({ pinned: null, order: 'apart' }), false)).toEqual({ kind: 'go' });
});

test('what runs is the last pin that can be read', () => {
  const broken = { commit: 'c2', isGone: false, pin: null };
  const good = { commit: 'c1', isGone: false, pin: pin('a') };
  expect(pinnedNow([broken, good])).toEqual(pin('a'));
  expect(pinnedNow([{ commit: 'c2', isGone: true, pin: null }, good])).toBeNull();
  expect(pinnedNow([])).toBeNull();
});
