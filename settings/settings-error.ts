/** Wrong settings: a sentence each, which names the setting, its value and what is expected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  /** `problems` begin with the setting's path, such as `environments.production.replicas`. */
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.map((problem) => `settings.ts: ${problem}`).join('\n'), options);
    this.problems = problems;
  }
}

/** True for wrong settings of any working copy: a clone's settings.ts throws the error class of its own copy. */
export function isSettingsError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SettingsError';
}
