import { setMaxListeners } from 'node:events';
import express from 'express';
import { expect, test } from 'vitest';
import { type OpenRequests, trackOpenRequests } from '../../../service/connections/open-requests.ts';
import { events } from '../../../service/handlers/events.ts';
import { listen, serveClients } from '../../../service/server.ts';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';
import { ask } from '../request.ts';
import { identity } from '../serving.ts';

/** Serves the stream alone, with an event every 10 ms. */
async function serving(use: (served: { port: number; requests: OpenRequests; leave: () => void }) => Promise<void>) {
  const leaving = new AbortController();
  // As the process' lifecycle does: each open stream listens.
  setMaxListeners(0, leaving.signal);
  const requests = trackOpenRequests();
  const server = serveClients(express().get('/events', events(identity, leaving.signal, 10)), requests, 200);
  const { port } = await listen(server, 0, '127.0.0.1');
  try {
    await use({ port, requests, leave: () => leaving.abort() });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('numbers events on from the last one that the client has seen, and ends with the drain', async () => {
  await serving(async ({ port, requests, leave }) => {
    const { got } = dial(port, wire('GET', '/events', '', 'Last-Event-ID: 7'));
    await expect
      .poll(got, patiently)
      .toContain('id: 8\ndata: {"version":"1.4.0","revision":"0123abc","pod":"web-1"}\n\n');
    expect(got()).toMatch(/Content-Type: text\/event-stream/i);
    leave();
    await expect.poll(got, patiently).toMatch(/\r\n0\r\n\r\n$/);
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});

test.each(['-1', 'x', '1e9', '9'.repeat(30), ''])('begins anew after an event %o that it never sent', async (id) => {
  await serving(async ({ port, leave }) => {
    const { got } = dial(port, wire('GET', '/events', '', `Last-Event-ID: ${id}`));
    await expect.poll(got, patiently).toContain('id: 1\n');
    leave();
  });
});

test('has a head with an end', async () => {
  await serving(async ({ port, requests }) => {
    expect((await ask(port, '/events', { method: 'HEAD' })).status).toBe(200);
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});

test('forgets the clients that leave, pipelined streams included', async () => {
  await serving(async ({ port, requests }) => {
    const { got, socket } = dial(port, wire('GET', '/events').repeat(20));
    await expect.poll(got, patiently).toContain('retry');
    await expect.poll(() => requests.count(), patiently).toBe(20);
    socket.destroy();
    await expect.poll(() => requests.count(), patiently).toBe(0);
  });
});
