import { expect, test } from 'vitest';
import { parseBatch } from '../../../release/publish/blobs.ts';

test('takes the answers of git cat-file apart by their size in bytes', () => {
  const printed = 'blob 6\nwéb\n\n\nHEAD:gone missing\nblob 0\n\nblob 4\na: 1\n';
  expect(parseBatch(printed, 4)).toEqual(['wéb\n\n', null, '', 'a: 1']);
});

test('takes a tree for nothing to read', () => {
  expect(parseBatch('HEAD:manifests missing\nblob 1\nx\n', 2)).toEqual([null, 'x']);
});
