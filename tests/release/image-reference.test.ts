import { expect, test } from 'vitest';
import { formatImageReference, parseImageReference } from '../../release/image-reference.ts';
import { WrongUse } from '../../release/wrong-use.ts';

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

test.each([
  ['web:1.2.3', 'which names no digest, and a tag alone may mean another image tomorrow'],
  [`web@${digest}`, 'which names no tag to tell people what it is'],
  [`localhost:5000/web@${digest}`, 'which names no tag'],
  [`:1.2.3@${digest}`, 'which names no tag'],
  ['web:1.2.3@', 'and its digest is malformed'],
  ['web:1.2.3@sha256:00', 'and its digest is malformed'],
  [`web:1.2.3@${digest.toUpperCase()}`, 'and its digest is malformed'],
  [`web:1.2.3@${digest} `, 'and its digest is malformed'],
  [`web:1.2.3@${digest}@${digest}`, 'and its digest is malformed'],
])('refuses %s', (text, why) => {
  const parse = (): unknown => parseImageReference(text);
  expect(parse).toThrow(WrongUse);
  expect(parse).toThrow(`--image is ${JSON.stringify(text)}, ${why}`);
  expect(parse).toThrow(/: expected name:tag@sha256: and 64 hex digits\.$/);
});
