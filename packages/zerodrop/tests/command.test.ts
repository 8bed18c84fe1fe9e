import { expect, test } from 'vitest';
import { failure } from '../src/command.ts';
import { Interrupted, OperationError, ProgramError, UsageError } from '../src/errors.ts';

test.each([
  [new UsageError('Name one.'), 2],
  [new OperationError('It is away.'), 3],
  [new ProgramError('git fetch failed.', 128, 'no'), 3],
  [new Interrupted('Interrupted.'), 130],
])('ends with the sentence alone of %s', (error, exitCode) => {
  expect(failure(error, 'release')).toEqual({ stdout: '', stderr: `release: ${error.message}\n`, exitCode });
  expect(failure(error, '').stderr).toBe(`${error.message}\n`);
});

test('takes for a mistake of the user what it is told to', () => {
  const error = new RangeError('replicas is 0.');
  expect(failure(error, 'x', (one) => one === error)).toEqual({
    stdout: '',
    stderr: 'x: replicas is 0.\n',
    exitCode: 2,
  });
  expect(failure(new OperationError('No.'), 'x', () => true).exitCode).toBe(2);
});

test('shows where a fault of ours is', () => {
  const { stderr, exitCode } = failure(new TypeError('x is not a function'), 'release');
  expect(stderr).toMatch(/^release: this should not happen, please report it\. TypeError: x is not a function\n +at /);
  expect(exitCode).toBe(3);
  expect(failure('a word', '').stderr).toBe("this should not happen, please report it. 'a word'\n");
});
