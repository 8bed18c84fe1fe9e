import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, failure, runCommand as runNamed } from 'zerodrop/command';
import { assertSettings } from './define.ts';
import { isRecord, isSettingsError, SettingsError } from './sentences.ts';
import type { Settings } from './settings.ts';

/**
 * Reads the settings of a working copy, as they are on the disk now. Throws a {@link SettingsError} where they are wrong,
 * can't be run or are missing.
 */
export async function loadSettings(directory: string): Promise<Settings> {
  const settings = (await loadModule(directory, 'settings.ts'))['settings'];
  if (settings === undefined) {
    throw new SettingsError([
      `in ${directory} exports no settings. Write: export const settings = defineSettings({...}).`,
    ]);
  }
  assertSettings(settings);
  return settings;
}

/**
 * Runs a file that an owner wrote and returns what it exports. Throws a {@link SettingsError} that names it where it is missing or can't be
 * run.
 *
 * The import happens here and not at the top of each command, because settings.ts throws while it is imported.
 */
export async function loadModule(directory: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = join(directory, path);
  try {
    // Node keeps a module by its address: with the text in it, a changed file is another module.
    const text = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const module: unknown = await import(`${pathToFileURL(file).href}?${text}`);
    return isRecord(module) ? module : {};
  } catch (cause) {
    if (isSettingsError(cause)) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    const problem = `can't be run in ${directory}: ${words.replace(/\.$/, '')}. Correct it, or restore it from git.`;
    throw new SettingsError([problem], { cause }, path);
  }
}

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
