import { createServer } from 'node:net';
import { connectToParent, type FromBalancer, type Reached, type ToBalancer, watchStalls } from '../programs.ts';
import { choose, type Endpoint, inTime, type ProxyOptions, relay, startProxy } from './traffic.ts';

/**
 * The program of the load balancer. It knows the endpoints as they were one lag ago, both what came and what went: the time
 * that a real cluster takes to tell every node.
 */
let endpoints: readonly Endpoint[] = [];
let apply = (changed: readonly Endpoint[]): void => void (endpoints = changed);
const changeTo = inTime((changed: readonly Endpoint[]) => apply(changed));

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const chosen = choose(endpoints, Math.random());
  if (chosen === null || chosen.port === null) {
    client.on('error', () => undefined);
    client.resetAndDestroy();
    lost(chosen?.pod ?? null, 'ECONNREFUSED');
  } else {
    reached.push({ port: client.remotePort ?? 0, pod: chosen.pod, at: Date.now() });
    relay(client, { port: chosen.port }, (code) => lost(chosen.pod, code));
  }
});

/** Clients tell of their answers less often, so that what is told of a connection comes before what was answered on it. */
const tellEveryMs = 50;

let reached: Reached[] = [];
setInterval(() => {
  if (reached.length > 0) parent.tell({ type: 'reached', connections: reached });
  reached = [];
}, tellEveryMs).unref();

const told = new Set<string>();

/** Tells once of each pod, and of each way in which it fails its clients. */
function lost(pod: string | null, code: string): void {
  if (told.has(`${pod} ${code}`)) return;
  told.add(`${pod} ${code}`);
  parent.tell({ type: 'lost', at: Date.now(), pod, code });
}

const parent = connectToParent<ToBalancer, FromBalancer>(
  (message) => {
    if (message.type === 'endpoints') changeTo(message.endpoints, message.applyAt);
    else if (message.proxy === null) relayAt(message.port);
    else void proxyAt({ ...message.proxy, port: message.port });
  },
  () => process.exit(),
);

function relayAt(wanted: number): void {
  server.listen(wanted, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') parent.tell({ type: 'listening', port: address.port });
  });
  server.once('error', (error) => {
    throw error;
  });
}

/** A proxy that ends, or takes no change, ends this program: what it would hide is worse. */
async function proxyAt(options: ProxyOptions): Promise<void> {
  const proxy = await startProxy(options);
  apply = (changed) => void proxy.changeTo(changed);
  apply(endpoints);
  parent.tell({ type: 'listening', port: proxy.port });
  await proxy.ended;
}

watchStalls((ms) => parent.tell({ type: 'stalled', at: Date.now(), ms }));
