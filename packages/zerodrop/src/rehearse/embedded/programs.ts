import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A program of the embedded target, running as a process of its own. */
export interface Program<Told, Heard> {
  tell(message: Told): void;
  /** Calls `listen` with every message. */
  hear(listen: (message: Heard) => void): void;
  /** Rejects when the program ends, with its last words; a program only ends by itself when something went wrong. */
  readonly failed: Promise<never>;
  /** Asks it to end, waits that long, and then kills it and all that it started. */
  end(withinMs?: number): Promise<void>;
}

/** Starts the program `name` of a folder; what it prints goes to a log beside it. */
export function startProgram<Told extends object, Heard>(folder: string, name: string): Program<Told, Heard> {
  const log = path.join(folder, `${name}.log`);
  const output = openSync(log, 'w');
  // In a group of its own: Ctrl-C in a terminal reaches us alone, and we decide what ends when.
  const child = fork(path.join(folder, `${name}.cjs`), [], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  let ending = false;
  const failed = exited.then(async (how): Promise<never> => {
    // Never settles: nobody is to hear of an end that was asked for.
    if (ending) return new Promise(() => undefined);
    const words = (await readFile(log, 'utf8')).trim().split('\n').slice(-20).join('\n');
    throw new Error(`The ${name} of the embedded target ended by itself (${how}). Its last words:\n${words}`);
  });
  failed.catch(() => undefined);
  return {
    failed,
    tell(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    hear(listen) {
      // Both ends are built from the same sources in the same run, so that the types of the messages hold without a check.
      child.on('message', (message) => listen(message as Heard));
    },
    // Time enough for a program to see its own children end.
    async end(withinMs = 3_000) {
      ending = true;
      if (child.connected) child.disconnect();
      await Promise.race([exited, pause(withinMs, undefined, { ref: false })]);
      killGroup(child.pid);
      await exited;
    },
  };
}

/** Kills what is left of a program and of what it started. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

/**
 * Puts the embedded cluster's programs into a folder, as `cluster.cjs`, `balancer.cjs` and `runner.cjs`: those that the package was built with, or
 * in a clone their sources as they are now.
 */
export async function preparePrograms(folder: string): Promise<void> {
  if (import.meta.url.endsWith('.ts')) {
    const { bundlePrograms } = await import('./bundle.ts');
    bundlePrograms(folder);
    return;
  }
  const built = fileURLToPath(new URL('programs/', import.meta.url));
  await cp(built, folder, { recursive: true });
}
