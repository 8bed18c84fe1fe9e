import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { endQuietlyWithoutReader } from '../closed-pipe.ts';
import { OperationError, ProgramError } from '../errors.ts';

const execute = promisify(execFile);

/** Where a program of the rehearsal runs, and what ends it early. */
export interface ProcessOptions {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs a program and returns what it printed. Throws a {@link ProgramError} that quotes the program's own words. */
export async function run(where: ProcessOptions, program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      cwd: where.directory,
      env: where.environment,
      signal: where.signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trimEnd();
  } catch (cause) {
    where.signal.throwIfAborted();
    const { code, said } = endOf(cause);
    const words = code === 'ENOENT' ? 'it is not installed, or not on PATH' : said;
    const sentence = `${program} ${args.slice(0, 3).join(' ')} failed in ${where.directory}: ${words}`;
    throw new ProgramError(sentence, code, words, { cause });
  }
}

/** How a program ended: its exit code, or why it could not be started; and what it said about it. */
function endOf(cause: unknown): { readonly code: unknown; readonly said: string } {
  if (!(cause instanceof Error)) return { code: null, said: String(cause) };
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : cause.message;
  return { code: 'code' in cause ? cause.code : null, said };
}

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
