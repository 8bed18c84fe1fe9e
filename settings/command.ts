import { isSettingsError } from './settings-error.ts';

/**
 * Runs a command to its exit code. Wrong settings end it with code 2 and their sentences alone; everything else that is
 * thrown is left to Node, stack trace and all, because it is a fault of ours.
 */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
