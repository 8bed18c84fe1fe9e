import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { patiently } from '../patience.ts';
import { dial, wire } from '../raw.ts';
import { serving } from '../serving.ts';

test('lets an upload take as long as it goes on', async () => {
  await serving(
    async ({ port }) => {
      const { socket, statuses, got } = dial(port, wire('POST', '/echo', 'x'.repeat(16)).slice(0, -16));
      for (let sent = 0; sent < 16; sent += 1) {
        socket.write('x');
        await sleep(100);
      }
      await expect.poll(statuses, patiently).toEqual([200]);
      expect(got()).toMatch(/x{16}$/);
      socket.destroy();
    },
    { patienceMs: 500 },
  );
});

test('refuses an upload that stands still, after the answers to what came before it', async () => {
  await serving(
    async ({ port, requests }) => {
      const half = wire('POST', '/echo', 'x'.repeat(30)).slice(0, -20);
      const { statuses, closed } = dial(port, wire('GET', '/version') + half);
      await closed;
      expect(statuses()).toEqual([200, 408]);
      await expect.poll(() => requests.count(), patiently).toBe(0);
    },
    { patienceMs: 500 },
  );
});

test('ends an upload that stands still although it has its answer already', async () => {
  await serving(
    async ({ port }) => {
      const { statuses, closed } = dial(port, wire('POST', '/nothing', 'x'.repeat(30)).slice(0, -20));
      await closed;
      expect(statuses()[0]).toBe(404);
    },
    { patienceMs: 500 },
  );
});
