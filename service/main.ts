import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import { EnvironmentError, readEnvironment } from './environment.ts';
import type { Faults } from './faults.ts';
import { openLog } from './log.ts';
import { ListenError } from './server.ts';
import { createService } from './service.ts';

// bundle.ts puts the values in place of these names; outside a bundle they don't exist.
declare const BAKED_VERSION: string;
declare const BAKED_REVISION: string;
declare const BAKED_FAULTS: Faults;

/** What was decided when the bundle was built, so that only a new image can change it, never a manifest. */
const baked = { version: BAKED_VERSION, revision: BAKED_REVISION, faults: BAKED_FAULTS };

const log = openLog(baked);

async function start(): Promise<void> {
  const environment = readEnvironment(process.env, hostname(), baked.faults);
  const { faults, pod } = environment;
  const identity = { version: baked.version, revision: baked.revision, pod };
  const service = createService({ environment, identity, log, process }, ({ measured, lifecycle }) => ({
    app: createApp({ identity, environment, measured, lifecycle, log, random: Math.random }),
  }));

  if (faults.startupDelayMs > 0) {
    log.info({ pod, faults }, 'the fault startupDelayMs holds the start up');
    await sleep(faults.startupDelayMs);
  }
  if (faults.crashAtStart) throw new Error('The fault crashAtStart is on.');
  await service.listen();
}

/** Exit codes: 0 stopped, 1 failed or stopped with requests open, 2 wrong environment, 3 no listener. */
function exitCodeFor(error: Error): number {
  if (error instanceof EnvironmentError) return 2;
  return error instanceof ListenError ? 3 : 1;
}

process.on('uncaughtException', (error) => {
  const code = exitCodeFor(error);
  // A wrong setting needs its sentence; only a surprise needs its stack.
  log.fatal(code === 1 ? { err: error } : {}, error.message);
  process.exit(code);
});

void start();
