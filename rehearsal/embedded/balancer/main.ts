import { createServer } from 'node:net';
import type { FromBalancer, ToBalancer } from '../programs/messages.ts';
import { connectToParent } from '../programs/parent.ts';
import { choose, type Endpoint } from './endpoints.ts';
import { relay } from './relay.ts';

/**
 * The program of the load balancer. It knows the endpoints as they were `lagMs` ago, both what came and what went: the time
 * that a real cluster takes to tell every node.
 */
let endpoints: readonly Endpoint[] = [];
let newest = Number.NEGATIVE_INFINITY;

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const port = choose(endpoints, Math.random())?.port ?? null;
  if (port === null) {
    client.on('error', () => undefined);
    client.resetAndDestroy();
  } else {
    relay(client, port);
  }
});

const parent = connectToParent<ToBalancer, FromBalancer>(
  (message) => {
    if (message.type === 'listen') {
      server.listen(message.port, '127.0.0.1', () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') parent.tell({ type: 'listening', port: address.port });
      });
      server.once('error', (error) => {
        throw error;
      });
    } else {
      setTimeout(() => {
        // Timers that are overdue together may fire in any order: what is older must not come last.
        if (message.applyAt < newest) return;
        newest = message.applyAt;
        endpoints = message.endpoints;
      }, message.applyAt - Date.now());
    }
  },
  () => process.exit(),
);
