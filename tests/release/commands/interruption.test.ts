import { expect, test } from 'vitest';
import { Interrupted } from 'zerodrop/errors';
import { untilInterrupted } from '../../../release/commands/interruption.ts';
import { SettingsError } from '../../../settings/settings-error.ts';

/** Work that a Ctrl-C meets, and that fails with this then. */
function interruptedWith(error: Error): Promise<never> {
  return untilInterrupted(async (signal) => {
    process.emit('SIGINT');
    expect(signal.aborted).toBe(true);
    throw error;
  });
}

test('what fails after an interruption is interrupted, whatever it says', async () => {
  const failed = interruptedWith(new SettingsError(["can't be run: The service was stopped."]));
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
