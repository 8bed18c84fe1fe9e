import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertSettings } from './define.ts';
import { isSettingsError, SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';
import { isRecord } from './value.ts';

/**
 * Reads the settings of a working copy, as they are on the disk now. Throws a {@link SettingsError} where they are wrong,
 * can't be run or are missing.
 *
 * The import happens here and not at the top of each command, because settings.ts throws while it is imported.
 */
export async function loadSettings(directory: string): Promise<Settings> {
  const file = join(directory, 'settings.ts');
  let module: unknown;
  try {
    // Node keeps a module by its address: with the text in it, a changed file is another module.
    const text = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    module = await import(`${pathToFileURL(file).href}?${text}`);
  } catch (cause) {
    if (isSettingsError(cause)) throw cause;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new SettingsError(
      [`can't be run in ${directory}: ${words.replace(/\.$/, '')}. Correct it, or restore it from git.`],
      { cause },
    );
  }
  if (!isRecord(module) || module['settings'] === undefined) {
    throw new SettingsError([
      `in ${directory} exports no settings. Write: export const settings = defineSettings({...}).`,
    ]);
  }
  const settings = module['settings'];
  assertSettings(settings);
  return settings;
}
