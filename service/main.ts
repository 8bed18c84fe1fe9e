import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import { baked } from './baked.ts';
import { readEnvironment } from './environment.ts';
import { logPhase } from './log-phase.ts';
import { openLog } from './log.ts';
import { createManagement } from './management.ts';
import { createMetrics } from './metrics.ts';
import { listen, ListenError, serve } from './server.ts';
import { systemClock } from './shutdown/clock.ts';
import { trackOpenRequests } from './shutdown/open-requests.ts';
import { createShutdown } from './shutdown/shutdown.ts';
import { trackSilentConnections } from './shutdown/silent-connections.ts';
import { EnvironmentError } from './variables.ts';

const log = openLog(baked);

async function start(): Promise<void> {
  const environment = readEnvironment(process.env, hostname(), baked.faults);
  const { faults, pod, drainMs, shutdownLimitMs } = environment;
  const identity = { version: baked.version, revision: baked.revision, pod };
  const requests = trackOpenRequests();
  const measured = createMetrics(identity, requests.count);
  const app = createApp({ identity, environment, requests, measured, log, random: Math.random });
  const server = serve(app, shutdownLimitMs);
  const readiness = { isListening: () => server.listening, neverReady: faults.neverReady };
  const management = serve(createManagement(measured, readiness), shutdownLimitMs);

  const tell = createShutdown(
    { drainMs, limitMs: shutdownLimitMs },
    {
      server,
      requests,
      closeSilentConnections: trackSilentConnections(server),
      clock: systemClock,
      onPhase: logPhase(log),
      exit: (code) => process.exit(code),
    },
  );
  // Before anything that takes time: process 1 has no default way to end, so an unheard signal would be lost.
  process.on('SIGTERM', () => tell('signal')).on('SIGINT', () => tell('signal'));

  if (faults.startupDelayMs > 0) {
    log.info({ pod, faults }, 'the fault startupDelayMs holds the start up');
    await sleep(faults.startupDelayMs);
  }
  if (faults.crashAtStart) throw new Error('The fault crashAtStart is on.');
  const { address, port } = await listen(server, environment.port, environment.host);
  // After it: until clients can be served, every probe finds a closed port.
  const { port: managementPort } = await listen(
    management,
    environment.managementPort,
    environment.host,
    'MANAGEMENT_PORT',
  );
  tell('listening');
  log.info({ pod, address, port, managementPort, drainMs, shutdownLimitMs, faults }, 'listening');
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
