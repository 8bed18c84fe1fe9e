import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineSettings } from './define.ts';
import { isSettingsError, SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/**
 * Reads the settings of a working copy. Throws a {@link SettingsError} where they are wrong, can't be run or are missing.
 *
 * The import happens here and not at the top of each command, because settings.ts throws while it is imported.
 */
export async function loadSettings(directory: string): Promise<Settings> {
  const file = join(directory, 'settings.ts');
  let module: { readonly settings?: Settings };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    if (isSettingsError(cause)) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError([`${file} can't be run: ${words}`], { cause });
  }
  if (module.settings === undefined) {
    throw new SettingsError([`${file} exports no settings. Write: export const settings = defineSettings({...}).`]);
  }
  return defineSettings(module.settings);
}
