import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../service/bundle.ts';
import { type Child, killAll, run } from './child.ts';
import { load } from './load.ts';
import { patiently } from './patience.ts';
import { ask, json } from './request.ts';

let directory: string;
let service: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'service-'));
  service = join(directory, 'service.cjs');
  await bundle({ version: '1.4.0', revision: '0123abc', outFile: service });
});
afterEach(killAll);
afterAll(() => rm(directory, { recursive: true }));

/** Waits until the service is at work on a request. */
async function busy(child: Child): Promise<void> {
  const port = await child.managementPort();
  await expect
    .poll(async () => (await ask(port, '/metrics')).body.toString(), patiently)
    .toMatch(/^http_server_active_requests 1$/m);
}

describe('told to stop', () => {
  test('loses nothing in its drain, and asks every client to leave', async () => {
    const child = run(service, { DRAIN_MS: '4000' });
    const port = await child.port();
    const agent = new Agent({ keepAlive: true });
    const progress = { answered: 0, stopped: false };
    async function more(count: number): Promise<void> {
      const enough = progress.answered + count;
      await expect.poll(() => progress.answered, patiently).toBeGreaterThan(enough);
    }
    const loads = [load(port, progress), ...Array.from({ length: 4 }, () => load(port, progress, agent))];

    await more(200);
    child.signal('SIGTERM');
    await child.said('told to stop: serving on while others notice');
    const leaving = await Promise.all(Array.from({ length: 50 }, () => ask(port, '/version', { agent })));
    await more(100);
    progress.stopped = true;

    await Promise.all(loads);
    expect(new Set(leaving.map(({ status, headers }) => `${status} ${headers.connection}`))).toEqual(
      new Set(['200 close']),
    );
    expect(await child.ended()).toBe(0);
    expect(child.messages()).toEqual([
      'listening',
      'told to stop: serving on while others notice',
      'no new connections: finishing what is open',
      'stopped',
    ]);
    agent.destroy();
  });

  test('without a drain refuses the next connection, and finishes what is in flight', async () => {
    const child = run(service, { DRAIN_MS: '0', SHUTDOWN_LIMIT_MS: '600000' });
    const port = await child.port();
    const agent = new Agent({ keepAlive: true });
    const inFlight = request({ port, host: '127.0.0.1', path: '/echo', method: 'POST', agent });
    const answered = once(inFlight, 'response');
    inFlight.write('half and ');
    await busy(child);
    child.signal('SIGTERM');
    await child.said('no new connections: finishing what is open');
    await expect(ask(port, '/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    inFlight.end('half');
    const [answer]: IncomingMessage[] = await answered;
    expect(answer?.headers.connection).toBe('close');
    expect(answer && (await text(answer))).toBe('half and half');
    expect(await child.ended()).toBe(0);
    agent.destroy();
  });

  test('does not wait for connections that are idle or have never said a word', async () => {
    const child = run(service, { DRAIN_MS: '0', SHUTDOWN_LIMIT_MS: '600000' });
    const port = await child.port();
    const agent = new Agent({ keepAlive: true });
    const silent = connect(port, '127.0.0.1');
    await ask(port, '/version', { agent });
    child.signal('SIGTERM');
    expect(await child.ended()).toBe(0);
    silent.destroy();
    agent.destroy();
  });

  test('gives up at its limit, with the count of what it leaves', async () => {
    const child = run(service, { DRAIN_MS: '0', SHUTDOWN_LIMIT_MS: '200', DEPENDENCY_DELAY_MS: '600000' });
    const port = await child.port();
    const lost = ask(port, '/version').catch((error: unknown) => error);
    await busy(child);
    child.signal('SIGTERM');
    expect(
      await child.said('stopped at SHUTDOWN_LIMIT_MS with 1 requests and 0 upgraded connections open'),
    ).toMatchObject({ severity: 'ERROR' });
    expect(await child.ended()).toBe(1);
    expect(await lost).toMatchObject({ code: 'ECONNRESET' });
  });

  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('by %s and then %s, goes on draining', async (first, second) => {
    const child = run(service, { DRAIN_MS: '300' });
    const port = await child.port();
    child.signal(first);
    await child.said('told to stop: serving on while others notice');
    child.signal(second);
    expect((await ask(port, '/echo', { method: 'POST', body: 'still here' })).body.toString()).toBe('still here');
    expect(await child.ended()).toBe(0);
    expect(child.messages().at(-1)).toBe('stopped');
  });

  test('by Ctrl-C twice, ends at once', async () => {
    const child = run(service, { DRAIN_MS: '600000' });
    await child.port();
    child.signal('SIGINT');
    await child.said('told to stop: serving on while others notice');
    child.signal('SIGINT');
    await child.said('stopped by a second SIGINT (Ctrl-C) with 0 requests and 0 upgraded connections open');
    expect(await child.ended()).toBe(1);
  });

  test('before it listens ends at once', async () => {
    const child = run(service, { FAULTS: 'on', FAULT_STARTUP_DELAY_MS: '600000' });
    await child.said('the fault startupDelayMs holds the start up');
    child.signal('SIGTERM');
    expect(await child.ended()).toBe(0);
  });
});

describe('at its start', () => {
  test('says what it is, and answers with what was baked into it', async () => {
    const child = run(service, { POD_NAME: 'web-1', VERSION: '9.9.9' });
    const port = await child.port();
    expect(await child.said('listening')).toMatchObject({ severity: 'INFO', version: '1.4.0', pod: 'web-1' });
    expect(json(await ask(port, '/version'))).toEqual({ version: '1.4.0', revision: '0123abc', pod: 'web-1' });
  });

  test('stops at a wrong environment with a sentence', async () => {
    const child = run(service, { DRAIN_MS: '-1' });
    const sentence = 'DRAIN_MS is "-1", but it must be a whole number from 0 to 3600000. Leave it out for 5000.';
    const line = await child.said(sentence);
    expect(line).toMatchObject({ severity: 'CRITICAL' });
    expect(line).not.toHaveProperty('err');
    expect(await child.ended()).toBe(2);
  });

  test('stops at a taken port with a sentence', async () => {
    const port = String(await run(service).port());
    const second = run(service, { PORT: port });
    await second.said(`Port ${port} is taken by another program. Choose another with PORT.`);
    expect(await second.ended()).toBe(3);
  });

  test('stops at a taken port for management with a sentence', async () => {
    const port = String(await run(service).managementPort());
    const second = run(service, { MANAGEMENT_PORT: port });
    await second.said(`Port ${port} is taken by another program. Choose another with MANAGEMENT_PORT.`);
    expect(await second.ended()).toBe(3);
  });

  test('crashes when its fault says so', async () => {
    const child = run(service, { FAULTS: 'on', FAULT_CRASH_AT_START: 'on' });
    await child.said('The fault crashAtStart is on.');
    expect(await child.ended()).toBe(1);
  });
});
