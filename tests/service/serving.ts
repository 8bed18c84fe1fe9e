import { createApp } from '../../service/app.ts';
import { type Faults, noFaults } from '../../service/faults.ts';
import { openLog } from '../../service/log.ts';
import { listen, serve } from '../../service/server.ts';
import { type OpenRequests, trackOpenRequests } from '../../service/shutdown/open-requests.ts';

export const identity = { version: '1.4.0', revision: '0123abc', pod: 'web-1' };

export interface Served {
  readonly port: number;
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
  const server = serve(createApp({ identity, environment, requests, log, random }), 10_000);
  const { port } = await listen(server, 0, '127.0.0.1');
  try {
    await use({ port, requests, lines });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
