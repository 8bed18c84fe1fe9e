import { createApp } from '../../service/app.ts';
import { type Faults, noFaults } from '../../service/faults.ts';
import { openLog } from '../../service/log.ts';
import { createManagement } from '../../service/management.ts';
import { createMetrics } from '../../service/metrics.ts';
import { listen, serve } from '../../service/server.ts';
import { type OpenRequests, trackOpenRequests } from '../../service/shutdown/open-requests.ts';

export const identity = { version: '1.4.0', revision: '0123abc', pod: 'web-1' };

export interface Served {
  readonly port: number;
  /** Where probes and metrics are. */
  readonly managementPort: number;
  readonly requests: OpenRequests;
  /** What was logged so far, line by line. */
  readonly lines: readonly string[];
}

export interface ServeOptions {
  readonly faults?: Partial<Faults>;
  readonly dependencyDelayMs?: number;
  readonly random?: () => number;
}

/** Serves the app on a free port of this machine for as long as `use` takes. */
export async function serving(use: (served: Served) => Promise<void>, options: ServeOptions = {}): Promise<void> {
  const { faults, dependencyDelayMs = 0, random = () => 0 } = options;
  const lines: string[] = [];
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  const requests = trackOpenRequests();
  const environment = { faults: { ...noFaults, ...faults }, dependencyDelayMs };
  const measured = createMetrics(identity, requests.count);
  const server = serve(createApp({ identity, environment, requests, measured, log, random }), 10_000);
  const readiness = { isListening: () => server.listening, neverReady: environment.faults.neverReady };
  const management = serve(createManagement(measured, readiness), 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  const { port: managementPort } = await listen(management, 0, '127.0.0.1');
  try {
    await use({ port, managementPort, requests, lines });
  } finally {
    for (const open of [server, management]) {
      open.close();
      open.closeAllConnections();
    }
  }
}
