import { expect, test } from 'vitest';
import { judge, type Profile } from '../../src/guard/index.ts';
import { honestChange } from './honest.ts';
import { Chance } from './random.ts';

test.each<Profile>(['lossless', 'any'])(
  'says nothing of 300 changes that cost nothing, by the profile %s',
  (profile) => {
    const found = Array.from({ length: 300 }, (_, seed) => {
      const { name, before, after } = honestChange(new Chance(seed));
      const { findings } = judge(before, after, { profile });
      return findings.map(({ rule, sentence }) => `${seed} (${name}): ${rule}: ${sentence}`);
    });
    expect(found.flat()).toEqual([]);
  },
);
