import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ruleList } from 'zerodrop/guard';
import { pageOf } from './example.ts';
import { effectsOf } from './observation.ts';
import { withMeasurements } from './page.ts';
import type { Play } from './play.ts';
import { followedPlays } from './plays/followed.ts';
import { servedPlays } from './plays/served.ts';
import { readRecord } from './record.ts';
import { unplayed } from './unplayed.ts';

const record = readRecord();

function names(plays: readonly Pick<Play, 'rule' | 'as' | 'expect'>[]): readonly string[] {
  return plays.map(({ rule, as = '', expect: effect }) => `${rule}: ${as}: ${effect}`).toSorted();
}

test('each rule is played, or it is said why not', () => {
  const played = [...servedPlays, ...followedPlays].map(({ rule }) => rule);
  expect([...new Set([...played, ...Object.keys(unplayed)])].toSorted()).toEqual(
    ruleList.map(({ id }) => id).toSorted(),
  );
  expect(played.filter((rule) => Object.hasOwn(unplayed, rule))).toEqual([]);
});

test('the record has no other plays than these', () => {
  const known = names([...servedPlays, ...followedPlays]);
  expect(names(record.plays).filter((name) => !known.includes(name))).toEqual([]);
});

test.each(record.plays)('$rule: its examples did what the rule says', ({ bad, good, expect: effect }) => {
  expect(effectsOf(bad)).toContain(effect);
  expect(effectsOf(good)).not.toContain(effect);
  expect(good.lost).toBe(0);
});

describe('the pages', () => {
  test.each(ruleList)('$id: says what was measured', ({ id }) => {
    const page = readFileSync(pageOf(id), 'utf8');
    expect(page).toBe(withMeasurements(page, record, id, unplayed[id]));
  });
});
