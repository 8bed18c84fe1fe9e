import type { Socket } from 'node:net';
import { createApp } from '../../service/app.ts';
import { type OpenRequests, trackOpenRequests } from '../../service/connections/open-requests.ts';
import { type Faults, noFaults } from '../../service/faults.ts';
import { openLog } from '../../service/log.ts';
import { createManagement, createMetrics } from '../../service/management.ts';
import { listen, serve, serveClients } from '../../service/server.ts';
import { createLifecycle, type LifecycleControl } from '../../service/shutdown/lifecycle.ts';
import { systemClock } from '../../service/shutdown/shutdown.ts';

export const identity = { version: '1.4.0', revision: '0123abc', pod: 'web-1' };

export interface Served {
  readonly port: number;
  /** Where probes and metrics are. */
  readonly managementPort: number;
  readonly requests: OpenRequests;
  readonly lifecycle: LifecycleControl;
  /** Our side of every connection so far. */
  readonly sockets: readonly Socket[];
  /** What was logged so far, line by line. */
  readonly lines: readonly string[];
}

export interface ServeOptions {
  readonly faults?: Partial<Faults>;
  readonly dependencyDelayMs?: number;
  readonly random?: () => number;
  /** How long a client may keep silent. */
  readonly patienceMs?: number;
}

/** Serves the app on a free port of this machine for as long as `use` takes. */
export async function serving(use: (served: Served) => Promise<void>, options: ServeOptions = {}): Promise<void> {
  const { faults, dependencyDelayMs = 0, random = () => 0 } = options;
  const lines: string[] = [];
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  const requests = trackOpenRequests();
  const environment = { faults: { ...noFaults, ...faults }, dependencyDelayMs };
  const lifecycle = createLifecycle(log, systemClock);
  const measured = createMetrics(identity, { requests: requests.count, upgraded: () => 0 });
  const app = createApp({ identity, environment, measured, lifecycle, log, random });
  const server = serveClients(app, requests, options.patienceMs ?? 10_000);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  const readiness = { isListening: () => server.listening, neverReady: environment.faults.neverReady };
  const management = serve(createManagement(measured, readiness), 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  const { port: managementPort } = await listen(management, 0, '127.0.0.1');
  try {
    await use({ port, managementPort, requests, lifecycle, sockets, lines });
  } finally {
    for (const open of [server, management]) {
      open.close();
      open.closeAllConnections();
    }
  }
}
