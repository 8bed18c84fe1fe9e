import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type Load, startLoad } from '../../../src/rehearse/load/load.ts';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import { keptConnections, type Sample } from '../../../src/rehearse/load/schedule.ts';
import { echo, serve } from './echo-server.ts';

const kept = keptConnections(100, 3, 5_000);

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await pause(20);
}

/** Runs a load until it has told of `count` requests. */
async function loadUntil(url: string, rate: number, count: number): Promise<{ load: Load; samples: Sample[] }> {
  const samples: Sample[] = [];
  const load = await startLoad({ url, request: asked, kept, rate, onSamples: (batch) => void samples.push(...batch) });
  await until(() => samples.length >= count);
  return { load, samples };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('sends both kinds at the rate asked for, and every request leaves a sample', async () => {
  await using server = await serve(echo);
  const { load, samples } = await loadUntil(server.url, 200, 100);
  const end = await load.stop();

  expect(samples).toHaveLength(end.sent);
  expect(samples.filter(({ failure }) => failure !== null)).toEqual([]);
  for (const kind of ['keep-alive', 'new-connection'] as const) {
    const due = samples.filter((sample) => sample.kind === kind).map(({ dueAt }) => dueAt);
    const [first = 0, second = 0] = due.toSorted((a, b) => a - b);
    expect(second - first).toBeCloseTo(5, 1);
  }
  const fresh = samples.filter(({ kind }) => kind === 'new-connection').length;
  expect(server.connections()).toBeGreaterThanOrEqual(fresh + 20);
  expect(isAlive(load.pid)).toBe(false);
});

test('waits at its stop for what is in flight', async () => {
  await using server = await serve((request, response) => void setTimeout(() => echo(request, response), 300));
  const { load, samples } = await loadUntil(server.url, 50, 5);
  const end = await load.stop();

  expect(samples).toHaveLength(end.sent);
  expect(samples.every(({ version, failure }) => version === 'v1' && failure === null)).toBe(true);
});

test('goes on sending while nothing answers', async () => {
  let requests = 0;
  await using server = await serve(() => {
    requests += 1;
  });
  const load = await startLoad({ url: server.url, request: asked, kept, rate: 100, onSamples: () => undefined });
  await until(() => requests >= 60);
  await load.abandon();

  expect(isAlive(load.pid)).toBe(false);
});

test('counts what a server resets', async () => {
  await using server = await serve((request) => void request.socket.resetAndDestroy());
  const { load, samples } = await loadUntil(server.url, 50, 10);
  await load.stop();

  expect(new Set(samples.map(({ failure }) => failure))).toEqual(new Set(['ECONNRESET']));
});

test('may be stopped twice', async () => {
  await using server = await serve(echo);
  const { load } = await loadUntil(server.url, 50, 1);

  expect(await load.stop()).toEqual(await load.stop());
});

test('says so when the client ends by itself', async () => {
  await using server = await serve(echo);
  const { load } = await loadUntil(server.url, 50, 1);
  process.kill(load.pid, 'SIGKILL');

  await expect(load.failed).rejects.toThrow('The load client ended by itself (SIGKILL)');
  await expect(load.stop()).rejects.toThrow('The load client ended by itself (SIGKILL)');
});

test('ends when the program that started it is killed', async () => {
  await using server = await serve(echo);
  const orphan = fork(fileURLToPath(new URL('orphan.ts', import.meta.url)), [server.url], {
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [said] = (await once(orphan.stdout ?? orphan, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(isAlive(pid)).toBe(true);

  orphan.kill('SIGKILL');
  await until(() => !isAlive(pid));
});
