import { expect, test } from 'vitest';
import { stepOutputs } from '../../pipeline/command.ts';

test('an output is a line', () => {
  expect(stepOutputs({ tag: '1.4.0-3f2a9c81d04b', digest: '' })).toBe('tag=1.4.0-3f2a9c81d04b\ndigest=\n');
});

test('a value that would smuggle in a second output is refused', () => {
  expect(() => stepOutputs({ tag: '1.4.0\ndigest=sha256:0' })).toThrow('The output tag has several lines');
});
