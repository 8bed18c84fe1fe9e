import { type Ended, failure, runCommand as runNamed } from 'zerodrop/command';
import { isSettingsError } from './settings-error.ts';

/** How a command of this repository ends that throws. What an owner wrote wrong is the user's mistake as well. */
export function failureOf(error: unknown, name: string): Ended {
  return failure(error, name, isSettingsError);
}

/**
 * Runs a command as a program. Its errors end it as {@link failureOf} says, and those of the kinds in `mistakes` are the user's here.
 */
export async function runCommand(
  command: () => Promise<Ended | number>,
  mistakes: readonly (abstract new (...args: never[]) => Error)[] = [],
): Promise<void> {
  const isMistake = (error: unknown): boolean =>
    isSettingsError(error) || mistakes.some((kind) => error instanceof kind);
  await runNamed(command, (error) => failure(error, '', isMistake));
}
