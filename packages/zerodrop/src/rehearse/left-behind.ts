/** Something of a play could not be taken down: the sentence says what, and how to do it by hand. */
export class LeftBehind extends Error {
  override readonly name = 'LeftBehind';
}

/** Takes everything down in this order, whatever fails on the way. Throws {@link LeftBehind} with each reason. */
export async function takeAllDown(takeDowns: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const takeDown of takeDowns) {
    try {
      await takeDown();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  throw new LeftBehind(reasons.join('\n'), {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}
