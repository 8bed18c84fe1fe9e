import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { trackSilentConnections } from '../../../service/connections/silent-connections.ts';
import { listen } from '../../../service/server.ts';
import { patiently } from '../patience.ts';

test('closes what never said a word, and nothing else', async () => {
  const server = createServer();
  const closeSilent = trackSilentConnections(server);
  const { port } = await listen(server, 0, '127.0.0.1');
  const ended: string[] = [];
  const silent = connect(port, '127.0.0.1').on('close', () => ended.push('silent'));
  const talking = connect(port, '127.0.0.1').on('close', () => ended.push('talking'));
  // The answer never comes: what counts is that something has come in.
  const arrived = new Promise((resolve) => server.once('request', resolve));
  talking.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived;
  await expect.poll(() => connections(server), patiently).toBe(2);

  closeSilent();
  await expect.poll(() => connections(server), patiently).toBe(1);
  await expect.poll(() => ended, patiently).toEqual(['silent']);

  silent.destroy();
  talking.destroy();
  server.close();
  server.closeAllConnections();
});

function connections(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
