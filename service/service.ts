import type { RequestListener } from 'node:http';
import { Server } from 'node:net';
import { trackOpenRequests } from './connections/open-requests.ts';
import { trackSilentConnections } from './connections/refuse.ts';
import { type Protocol, trackUpgraded } from './connections/upgraded.ts';
import type { Environment, Identity } from './environment.ts';
import { type Log, logPhase } from './log.ts';
import { createManagement, createMetrics, type Metrics } from './management.ts';
import { listen, serve, serveClients } from './server.ts';
import { createLifecycle, type Lifecycle, onSignals } from './shutdown/lifecycle.ts';
import { createShutdown, systemClock } from './shutdown/shutdown.ts';

/** How long a client may keep silent in the middle of what it sends, in milliseconds. */
const PATIENCE_MS = 10_000;

export interface ServiceParts {
  readonly environment: Environment;
  readonly identity: Identity;
  readonly log: Log;
  readonly process: { on(signal: NodeJS.Signals, heard: () => void): unknown; exit(code: number): void };
}

/** What an app is given to be made of. */
export interface AppContext {
  readonly measured: Pick<Metrics, 'middleware'>;
  readonly lifecycle: Lifecycle;
}

/** What answers clients. */
export interface ClientSide {
  readonly app: RequestListener;
  /** What connections may be upgraded to; nothing unless said. */
  readonly protocol?: Protocol;
}

/**
 * Makes a process that loses nothing when it is told to stop: the app on one port, probes and metrics on another, and the
 * way down. It hears signals from now on, and serves once `listen` is called.
 */
export function createService(
  { environment, identity, log, process }: ServiceParts,
  createClientSide: (context: AppContext) => ClientSide,
): { listen(): Promise<void> } {
  const { drainMs, shutdownLimitMs, faults, host } = environment;
  const requests = trackOpenRequests();
  const upgraded = trackUpgraded();
  const lifecycle = createLifecycle(log, systemClock);
  const measured = createMetrics(identity, { requests: requests.count, upgraded: upgraded.count });
  const { app, protocol } = createClientSide({ measured, lifecycle });

  // No longer than a shutdown waits, which would otherwise end with them.
  const patienceMs = Math.min(PATIENCE_MS, shutdownLimitMs);
  const server = serveClients(app, requests, patienceMs);
  if (protocol !== undefined) upgraded.serve(server, requests, protocol);
  const readiness = { isListening: () => server.listening, neverReady: faults.neverReady };
  const management = serve(createManagement(measured, readiness), patienceMs);

  const tell = createShutdown(
    { drainMs, limitMs: shutdownLimitMs },
    {
      server: {
        // Not that of node:http: it cuts off answers that wait for a slow client, and stops looking after slow headers.
        stopListening: (closed) => void Server.prototype.close.call(server, closed),
        closeIdleConnections: () => server.closeIdleConnections(),
      },
      requests,
      upgraded,
      lifecycle,
      closeSilentConnections: trackSilentConnections(server),
      clock: systemClock,
      onPhase: logPhase(log),
      exit: (code) => process.exit(code),
    },
  );
  // Before anything that takes time: process 1 has no default way to end, so an unheard signal would be lost.
  onSignals(process, tell);

  return {
    async listen() {
      const { address, port } = await listen(server, environment.port, host);
      // After it: until clients can be served, every probe finds a closed port.
      const { port: managementPort } = await listen(management, environment.managementPort, host, 'MANAGEMENT_PORT');
      tell('listening');
      const { pod } = identity;
      log.info({ pod, address, port, managementPort, drainMs, shutdownLimitMs, faults }, 'listening');
    },
  };
}
