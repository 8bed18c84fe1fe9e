import { expect, test } from 'vitest';
import { failure, Interrupted, OperationError, ProgramError, untilInterrupted, UsageError } from '../src/errors.ts';

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

/** Work that a Ctrl-C meets, and that fails with this then. */
function interruptedWith(error: Error): Promise<never> {
  return untilInterrupted(async (signal) => {
    process.emit('SIGINT');
    expect(signal.aborted).toBe(true);
    throw error;
  });
}

test('what fails after an interruption is interrupted, whatever it says', async () => {
  const failed = interruptedWith(new RangeError("It can't be run: The service was stopped."));
  await expect(failed).rejects.toEqual(new Interrupted('Interrupted.'));
  const told = new Interrupted('Interrupted while git push was at work.');
  await expect(interruptedWith(told)).rejects.toBe(told);
});

test('what fails by itself says so, and leaves no listener', async () => {
  const listeners = process.listenerCount('SIGINT');
  const error = new Error('Its own.');
  await expect(untilInterrupted(() => Promise.reject(error))).rejects.toBe(error);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});
