import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Endpoint, place, type Proxy, startProxy } from '../../../../src/rehearse/embedded/balancer/traffic.ts';
import { askOnce } from '../../../../src/rehearse/load/client.ts';
import { get } from '../../../../src/rehearse/load/request.ts';
import { makeCertificate } from '../../../../src/rehearse/play/embedded.ts';

function endpoint(pod: string, port: number | null, ready = true): Endpoint {
  return { pod, port, healthPort: null, ready, serving: true, terminating: !ready };
}

describe('the places of the pods', () => {
  const both = place(new Map(), [endpoint('a', 1_001), endpoint('b', 1_002)]);

  test('gives each pod that comes a place', () => {
    expect(both.commands).toEqual([
      'set server pods/pod1 addr 127.0.0.1 port 1001',
      'set server pods/pod1 check-port 1001',
      'set server pods/pod1 state ready',
      'set server pods/pod2 addr 127.0.0.1 port 1002',
      'set server pods/pod2 check-port 1002',
      'set server pods/pod2 state ready',
    ]);
  });

  test('says nothing where nothing changed', () => {
    expect(place(both.placed, [endpoint('b', 1_002), endpoint('a', 1_001)]).commands).toEqual([]);
  });

  test('lets a pod that terminates finish, and frees its place when it is gone', () => {
    const leaving = place(both.placed, [endpoint('a', 1_001, false), endpoint('b', 1_002)]);
    expect(leaving.commands).toEqual(['set server pods/pod1 state drain']);
    const gone = place(leaving.placed, [endpoint('b', 1_002)]);
    expect(gone.commands).toEqual(['set server pods/pod1 state maint']);
    expect(place(gone.placed, [endpoint('b', 1_002), endpoint('c', 1_003)]).commands[0]).toContain('pods/pod1 addr');
  });

  test('gives no place of a change to two pods', () => {
    const changed = place(both.placed, [endpoint('b', 1_002), endpoint('c', 1_003)]);
    expect(changed.commands[1]).toContain('pods/pod3 addr');
  });

  test('sends nothing to a pod that listens nowhere', () => {
    expect(place(new Map(), [endpoint('a', null)]).commands).toEqual([]);
    expect(place(both.placed, [endpoint('a', null), endpoint('b', 1_002)]).commands).toEqual([
      'set server pods/pod1 state drain',
    ]);
  });
});

async function ask(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return answer.ok ? answer.text() : String(answer.status);
}

const program = 'haproxy';
const isThere = spawnSync(program, ['-v']).status === 0;

describe.skipIf(!isThere)('HAProxy', () => {
  const servers: Server[] = [];
  const ends: (() => unknown)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function pod(name: string): Promise<{ readonly port: number; readonly connections: () => number }> {
    let connections = 0;
    const server = createServer((_, answer) => void answer.end(name)).on('connection', () => (connections += 1));
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, connections: () => connections };
  }

  async function proxy(certificate?: string): Promise<Proxy> {
    const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-proxy-'));
    ends.push(async () => rm(folder, { recursive: true }));
    const secret = certificate === undefined ? {} : { certificate };
    const started = await startProxy({ program, folder, port: 0, healthPath: null, ...secret });
    ends.unshift(() => started.end());
    return started;
  }

  test('sends requests where they are to go, over connections that it keeps', async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    const { port, changeTo } = await proxy();
    expect(await ask(port)).toBe('503');
    await changeTo([endpoint('a', a.port)]);
    for (let n = 0; n < 5; n += 1) expect(await ask(port)).toBe('a');
    // One of the requests', one of the health check at the most.
    expect(a.connections()).toBeLessThanOrEqual(2);
    await changeTo([endpoint('a', a.port, false), endpoint('b', b.port)]);
    expect(await ask(port)).toBe('b');
  });

  test('answers 503 and tries nothing twice where a pod refuses', async () => {
    const a = await pod('a');
    const { port, changeTo } = await proxy();
    await changeTo([endpoint('a', 1)]);
    expect(await ask(port)).toBe('503');
    await changeTo([endpoint('b', a.port)]);
    expect(await ask(port)).toBe('a');
  });

  test.each([false, true])('takes HTTP/2 from a client, with TLS: %s', async (isSecure) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-tls-'));
    ends.push(async () => rm(folder, { recursive: true }));
    const { certificate, authority } = await makeCertificate(folder, new AbortController().signal);
    const a = await pod('a');
    const { port, changeTo } = await proxy(isSecure ? certificate : undefined);
    await changeTo([endpoint('a', a.port)]);
    const target = { url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`, isHttp2: true, authority };
    for (let n = 0; n < 3; n += 1) {
      expect(await askOnce(target, { ...get('/'), expects: { equals: 'a' } }, n, 1_000)).toMatchObject({
        failure: null,
      });
    }
  });

  test('says that the program does not run', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-proxy-'));
    ends.push(async () => rm(folder, { recursive: true }));
    const started = startProxy({ program: path.join(folder, 'absent'), folder, port: 0, healthPath: null });
    await expect(started).rejects.toThrow(/absent can't be started/u);
  });
});
