import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Builder } from './builder.ts';

/** Where a builder runs. */
export interface BuilderSurroundings {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Tells a person why an interruption takes a moment. */
  say(what: string): void;
}

/**
 * Runs a builder and returns what it printed. Throws an error that quotes its own words, and once it has ended where the play
 * was interrupted.
 *
 * Only docker is stopped by an interruption: podman and buildah would leave their working containers and mounts behind, so
 * they finish the step that they are at. In a process group of its own, because Ctrl-C goes to the whole group.
 */
export async function runBuilder(
  where: BuilderSurroundings,
  builder: Builder,
  ...args: readonly string[]
): Promise<string> {
  where.signal.throwIfAborted();
  const child = spawn(builder, args, {
    cwd: where.directory,
    env: where.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const interrupted = (): void => {
    if (builder === 'docker') child.kill('SIGINT');
    else where.say(`interrupted: waiting for ${builder} ${args[0] ?? ''} to finish`);
  };
  where.signal.addEventListener('abort', interrupted);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause: NodeJS.ErrnoException) => {
        reject(cause.code === 'ENOENT' ? new Error(`${builder} is not installed`, { cause }) : cause);
      });
      child.on('close', resolve);
    });
    const [printed, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    where.signal.throwIfAborted();
    if (code !== 0) throw new Error(`${builder} ${args[0] ?? ''} failed: ${lastWords(said)}`);
    return printed;
  } finally {
    where.signal.removeEventListener('abort', interrupted);
  }
}

/** A build prints pages; what went wrong is at the end. */
function lastWords(said: string): string {
  return said.trim().split('\n').slice(-mostLines).join('\n');
}

const mostLines = 15;
