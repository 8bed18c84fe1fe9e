import { expect, test } from 'vitest';
import { tellApart } from '../../release/names.ts';

const pin = (tag: string, source: string, digest = '0') => ({
  image: `web:${tag}@sha256:${digest.repeat(64)}`,
  source: source.repeat(40),
});

test.each([
  [pin('1', 'a'), pin('2', 'b'), ['1', '2']],
  [pin('1', 'a'), pin('1', 'b'), ['1 (aaaaaaa)', '1 (bbbbbbb)']],
  [pin('1', 'a', '1'), pin('1', 'a', '2'), ['1 (aaaaaaa, sha256:1111111)', '1 (aaaaaaa, sha256:2222222)']],
])('tells %j from %j', (one, other, names) => {
  expect(tellApart(one, other)).toEqual(names);
});
