import { isRecord, sentencesOf, SettingsError } from './sentences.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** Throws a {@link SettingsError} with a sentence for each wrong setting. */
export function assertSettings(settings: unknown): asserts settings is Settings {
  if (!isRecord(settings)) {
    throw new SettingsError([
      'defineSettings() expects an object. Give it one with repository, services, environments and clusters.',
    ]);
  }
  const checked = settingsSchema.safeParse(settings);
  if (!checked.success) throw new SettingsError(sentencesOf(checked.error, settings));
}

/** Takes a clone's settings. Throws a {@link SettingsError} with a sentence for each wrong one. */
export function defineSettings(settings: Settings): Settings {
  assertSettings(settings);
  return settings;
}
