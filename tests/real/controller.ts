import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The controller of the lab's Argo CD, which a play takes away for a while. */
export interface Controller {
  /** Ends it, as an upgrade does with its pod. */
  stop(): Promise<void>;
  /** Starts it anew, with nothing of what it knew; does nothing where it runs. */
  start(): Promise<void>;
}

const home = process.env['LAB_HOME'] ?? path.join(homedir(), '.cache', 'rollout-lab');
const name = 'argocd-application-controller';
const pidFile = path.join(home, 'state', `${name}.pid`);
const endsWithinMs = 20_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Finds the process by the number that the lab has written down, and reads how it was started. Throws where that is another program. */
export function openController(): Controller {
  let pid = Number(readFileSync(pidFile, 'utf8'));
  const program = readlinkSync(`/proc/${pid}/exe`);
  const parts = (file: string): string[] => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
  const [, ...args] = parts('cmdline');
  const env = Object.fromEntries(
    parts('environ').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  if (env['ARGOCD_BINARY_NAME'] !== name) throw new Error(`${pidFile} names ${program}, which is no ${name}.`);
  return {
    async stop() {
      process.kill(pid, 'SIGTERM');
      const until = Date.now() + endsWithinMs;
      while (isAlive(pid) && Date.now() < until) await pause(100);
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    },
    async start() {
      if (isAlive(pid)) return;
      const log = openSync(path.join(home, 'logs', `${name}.log`), 'a');
      const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
      await once(child, 'spawn');
      child.unref();
      pid = child.pid ?? 0;
      writeFileSync(pidFile, `${pid}\n`);
    },
  };
}
