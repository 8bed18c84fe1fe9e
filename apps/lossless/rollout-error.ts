/** Rollout values that would lose requests or never come to an end: a sentence each, which begins with the value's name. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
