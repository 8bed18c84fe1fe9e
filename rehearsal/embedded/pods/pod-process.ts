import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';

/** What one pod runs as a process of this machine. */
export interface PodProcessOptions {
  readonly bundle: string;
  readonly arguments: readonly string[];
  /** All of it: nothing of our own environment reaches a pod. */
  readonly environment: Readonly<Record<string, string>>;
  /** Preloaded: ends the process when ours is gone. */
  readonly tether: string;
  readonly log: string;
}

/** A running pod. */
export interface PodProcess {
  /** Its exit code; 128 and the signal's number where a signal ended it, as in a container. */
  readonly exited: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts the service's bundle, unmodified, with its output going to a log file. */
export function startPodProcess(options: PodProcessOptions): PodProcess {
  const log = openSync(options.log, 'a');
  const child = spawn(process.execPath, ['--require', options.tether, options.bundle, ...options.arguments], {
    env: options.environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    child.once('error', () => resolve(126));
  });
  return { exited, signal: (name) => void child.kill(name) };
}
