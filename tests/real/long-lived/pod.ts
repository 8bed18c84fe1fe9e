import { hostname } from 'node:os';
import { WebSocketServer } from 'ws';
import { createApp } from '../../../service/app.ts';
import type { Protocol } from '../../../service/connections/upgraded.ts';
import { readEnvironment } from '../../../service/environment.ts';
import { noFaults } from '../../../service/faults.ts';
import { openLog } from '../../../service/log.ts';
import { createService } from '../../../service/service.ts';
import type { Lifecycle } from '../../../service/shutdown/lifecycle.ts';

// The service as it is, and WebSocket beside it. bundle.ts puts the version in place of the name.
declare const BUNDLED_VERSION: string;

/** Sends back each message on `/socket`. When the drain begins, each client is told to go away. */
function webSocket({ leaving, beforeExit }: Pick<Lifecycle, 'leaving' | 'beforeExit'>): Protocol {
  const server = new WebSocketServer({ noServer: true });
  const goAway = () => server.clients.forEach((client) => client.close(1001, 'The pod is leaving.'));
  server.on('connection', (client) => {
    client.on('message', (message, isBinary) => client.send(message, { binary: isBinary }));
    if (leaving.aborted) goAway();
  });
  leaving.addEventListener('abort', goAway);
  beforeExit('the WebSocket server', () => new Promise<void>((closed) => server.close(() => closed())));
  return {
    isAskedFor: ({ url, headers }) => url === '/socket' && headers.upgrade?.toLowerCase() === 'websocket',
    speak: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
  };
}

const environment = readEnvironment(process.env, hostname(), noFaults);
const identity = { version: BUNDLED_VERSION, revision: 'unknown', pod: environment.pod };
const log = openLog(identity);
const service = createService({ environment, identity, log, process }, ({ measured, lifecycle }) => ({
  app: createApp({ identity, environment, measured, lifecycle, log, random: Math.random }),
  protocol: webSocket(lifecycle),
}));
void service.listen();
