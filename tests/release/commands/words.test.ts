import { expect, test } from 'vitest';
import { placingWords } from '../../../release/commands/words.ts';

const pin = (tag: string, source: string, digest: string) => ({
  image: `web:${tag}@sha256:${digest.repeat(64)}`,
  source: source.repeat(40),
});
const [first, second] = [pin('1.0.0', 'a', '1'), pin('1.0.0', 'a', '2')];

test('says of a late run of a build that the source was built again', () => {
  expect(placingWords('staging', { kind: 'built-again', wanted: first, pinned: second })).toBe(
    'superseded: the same source was built again since. staging has 1.0.0 (aaaaaaa, sha256:2222222), which was released after 1.0.0 (aaaaaaa, sha256:1111111). Nothing is changed: roll back to return to the former build, or release it with --again.\n',
  );
});

test('tells two builds of a source apart where one of them was taken back', () => {
  expect(placingWords('staging', { kind: 'rolled-back', former: second, pinned: first })).toMatch(
    /rolled back from 1\.0\.0 \(aaaaaaa, sha256:2222222\) to 1\.0\.0 \(aaaaaaa, sha256:1111111\), and/,
  );
  const other = pin('0.9.0', 'b', '1');
  expect(placingWords('staging', { kind: 'rolled-back', former: second, pinned: other })).toContain(
    'from 1.0.0 (aaaaaaa) to 0.9.0 (bbbbbbb), and',
  );
  expect(placingWords('staging', { kind: 'rolled-back', former: second, pinned: null })).toContain('to nothing, and');
});
