/**
 * What an owner wrote wrong in settings.ts or apps/services/, or what can't run of it: a sentence each, which names the setting, its value and
 * what is expected. Told apart from a wrong use, because nothing that is wrong in a file of main may hold up a rollback.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  /** `problems` begin with the setting's path in `file`, such as `environments.production.after`; with the file itself where that is null. */
  constructor(problems: readonly string[], options?: ErrorOptions, file: string | null = 'settings.ts') {
    super(problems.map((problem) => (file === null ? problem : `${file}: ${problem}`)).join('\n'), options);
    this.problems = problems;
  }
}

/**
 * True for what an owner wrote wrong, in settings.ts or in apps/, in any working copy: a clone's settings.ts throws the error class of
 * its own copy.
 */
export function isSettingsError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SettingsError';
}
