import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { formatImageReference, parseImageReference, tellApart } from '../../release/outcome.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

test.each([
  ['europe-docker.pkg.dev/example-project/zerodrop/web', '1.2.3'],
  ['localhost:5000/web', 'v1'],
  ['web', '2026-03-01_nightly.7'],
])('takes %s:%s apart and puts it together again', (repository, tag) => {
  const text = `${repository}:${tag}@${digest}`;
  expect(parseImageReference(text)).toEqual({ repository, tag, digest });
  expect(formatImageReference(parseImageReference(text))).toBe(text);
});

test('refuses what is no pinned reference, in the words of the grammar', () => {
  expect(() => parseImageReference('web:1.2.3')).toThrow(UsageError);
  expect(() => parseImageReference('web:1.2.3')).toThrow(
    '--image is "web:1.2.3", which names no digest, and a tag alone',
  );
});

const pin = (tag: string, source: string, digit = '0') => ({
  image: `web:${tag}@sha256:${digit.repeat(64)}`,
  source: source.repeat(40),
});

test.each([
  [pin('1', 'a'), pin('2', 'b'), ['1', '2']],
  [pin('1', 'a'), pin('1', 'b'), ['1 (aaaaaaa)', '1 (bbbbbbb)']],
  [pin('1', 'a', '1'), pin('1', 'a', '2'), ['1 (aaaaaaa, sha256:1111111)', '1 (aaaaaaa, sha256:2222222)']],
])('tells %j from %j', (one, other, names) => {
  expect(tellApart(one, other)).toEqual(names);
});
