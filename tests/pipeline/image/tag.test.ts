import { expect, test } from 'vitest';
import { imageTag } from '../../../pipeline/image/tag.ts';

const source = '3f2a9c81d04be5176c0a8b9f2d3e4a5b6c7d8e9f';

test('a tag tells version and commit', () => {
  expect(imageTag('1.4.0', source)).toBe('1.4.0-3f2a9c81d04b');
});

test("a version's build metadata is written with a sign that a tag may have", () => {
  expect(imageTag('1.4.0+build.7', source)).toBe('1.4.0-build.7-3f2a9c81d04b');
});

test('a version that makes no tag is refused', () => {
  expect(() => imageTag('1.4.0 beta', source)).toThrow('Mend "version" in package.json.');
});
