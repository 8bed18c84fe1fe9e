import { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../service/environment.ts';
import { noFaults } from '../../service/faults.ts';
import { openLog } from '../../service/log.ts';
import { createService } from '../../service/service.ts';
import { patiently } from './patience.ts';
import { dial, wire } from './raw.ts';
import { identity } from './serving.ts';

/** Runs a service in this process, with a process of its own to hear signals from. */
async function started(app: RequestListener, variables: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  const environment = readEnvironment(
    { HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', ...variables },
    'here',
    noFaults,
  );
  const codes: number[] = [];
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => void codes.push(code) });
  const service = createService({ environment, identity, log, process }, ({ lifecycle }) => {
    lifecycle.beforeExit('a pool', () => void lines.push('{"message":"pool closed"}'));
    return { app };
  });
  await service.listen();
  const said = () => lines.map((line): Record<string, unknown> => JSON.parse(line));
  return { port: Number(said()[0]?.['port']), signal: (name: string) => process.emit(name), codes, said };
}

test('sends a whole answer to a client that reads it late, and closes resources after it', async () => {
  // More than the buffers between the two hold, so that part of it waits in the process.
  const answer = Buffer.alloc(32_000_000, 'x');
  const { port, signal, codes, said } = await started((_request, response) => response.end(answer), { DRAIN_MS: '0' });
  const { socket, got, closed } = dial(port);
  socket.pause();
  socket.write(wire('GET', '/'));
  await expect.poll(() => socket.readableLength, patiently).toBeGreaterThan(0);
  signal('SIGTERM');
  // Two sweeps of idle connections go by.
  await sleep(250);
  expect(codes).toEqual([]);
  socket.resume();
  await closed;
  expect(got().length).toBeGreaterThan(answer.length);
  await expect.poll(() => codes, patiently).toEqual([0]);
  expect(said().map(({ message }) => message)).toEqual([
    'listening',
    'no new connections: finishing what is open',
    'stopped',
    'pool closed',
  ]);
});

test('tells with its exit code of requests that their app never answers', async () => {
  const { port, signal, codes, said } = await started(() => undefined, { DRAIN_MS: '0', SHUTDOWN_LIMIT_MS: '200' });
  const { socket } = dial(port, wire('GET', '/'));
  socket.on('error', () => undefined);
  await sleep(50);
  signal('SIGTERM');
  await expect.poll(() => codes, patiently).toEqual([1]);
  expect(said().map(({ message }) => message)).toContain(
    'stopped at SHUTDOWN_LIMIT_MS with 1 requests and 0 upgraded connections open',
  );
  socket.destroy();
});
