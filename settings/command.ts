import { endQuietlyWithoutReader } from 'zerodrop/closed-pipe';
import { isSettingsError } from './settings-error.ts';

/**
 * Runs a command to its exit code. Wrong settings end it with code 2 and their sentences alone, and so does an error of
 * the kinds in `told`, whose message is all that a person needs. Everything else that is thrown is left to Node, stack
 * trace and all, because it is a fault of ours.
 */
export async function runCommand(
  command: () => Promise<number>,
  told: readonly (abstract new (...args: never[]) => Error)[] = [],
): Promise<void> {
  endQuietlyWithoutReader();
  try {
    process.exitCode = await command();
  } catch (error) {
    const isTold = isSettingsError(error) || told.some((kind) => error instanceof kind);
    if (!isTold || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
