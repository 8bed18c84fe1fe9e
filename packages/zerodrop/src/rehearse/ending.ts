import { endQuietlyWithoutReader } from '../closed-pipe.ts';
import { OperationError } from '../errors.ts';

/** A second signal within this time is the first one, told twice: to the process group, and by npm or a shell in between. */
const echoMs = 1_000;

/** A signal that is aborted by Ctrl-C or SIGTERM. A second one ends the process at once: its children end by themselves, a builder with the step that it is at. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= Date.now();
      if (Date.now() - first > echoMs) process.exit(130);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  // What it has made in a cluster is taken down first.
  endQuietlyWithoutReader(() => controller.abort(new Error('interrupted: nobody reads the output any more')));
  return controller.signal;
}

/** Something of a play could not be taken down: the sentence says what, and how to do it by hand. Told apart, because the verdict counts all the same. */
export class LeftBehind extends OperationError {
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
