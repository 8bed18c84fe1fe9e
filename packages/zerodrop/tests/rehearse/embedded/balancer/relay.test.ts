import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { relay } from '../../../../src/rehearse/embedded/balancer/traffic.ts';

const servers: Server[] = [];
const lost: string[] = [];

afterEach(() => {
  lost.length = 0;
  for (const server of servers.splice(0)) server.close();
});

function note(code: string): void {
  lost.push(code);
}

async function listen(accept: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, accept);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function connectThrough(pod: (socket: Socket) => void): Promise<Socket> {
  const port = await listen(pod);
  return connect({
    port: await listen((client) => relay(client, { port }, note)),
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
}

async function read(socket: Socket): Promise<string> {
  // Not by iteration, which destroys the socket at the end and with it the other direction.
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(socket, 'end');
  return text;
}

test('carries bytes both ways, and the end of one way without ending the other', async () => {
  const client = await connectThrough((pod) => void read(pod).then((text) => pod.end(`heard ${text}`)));
  client.end('hello');
  expect(await read(client)).toBe('heard hello');
  expect(lost).toEqual([]);
});

test('resets the client where the pod refuses the connection', async () => {
  const free = await listen(() => undefined);
  const [server] = servers.splice(0);
  await new Promise((resolve) => server?.close(resolve));
  const client = connect({ port: await listen((socket) => relay(socket, { port: free }, note)), host: '127.0.0.1' });
  const [error] = await once(client, 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(lost).toEqual(['ECONNREFUSED']);
});

test('resets the client where the pod resets', async () => {
  const client = await connectThrough((pod) => pod.once('data', () => pod.resetAndDestroy()));
  client.write('hello');
  const [error] = await once(client, 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(lost).toEqual(['ECONNRESET']);
});

test('resets the pod where the client resets', async () => {
  const broken = new EventEmitter();
  const client = await connectThrough((pod) => {
    pod.on('error', (error) => broken.emit('reset', error));
    pod.write('hello');
  });
  const told = once(broken, 'reset');
  await once(client, 'data');
  client.resetAndDestroy();
  expect(await told).toMatchObject([{ code: 'ECONNRESET' }]);
  expect(lost).toEqual([]);
});
