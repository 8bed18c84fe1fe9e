import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { patiently } from '../patience.ts';
import { ask } from '../request.ts';
import { serving } from '../serving.ts';

test('lets connections live while serving', async () => {
  const agent = new Agent({ keepAlive: true });
  await serving(async ({ port }) => {
    const { headers } = await ask(port, '/version', { agent });
    expect(headers.connection).toBe('keep-alive');
  });
  agent.destroy();
});

test.each(['/version', '/nothing', '/%'])(
  'ends the connection with the answer of %s once the end is announced',
  async (path) => {
    const agent = new Agent({ keepAlive: true });
    await serving(async ({ port, requests }) => {
      requests.announceClose();
      const { headers } = await ask(port, path, { agent });
      expect(headers.connection).toBe('close');
    });
    agent.destroy();
  },
);

test('reaches the requests that were open when the end was announced', async () => {
  const agent = new Agent({ keepAlive: true });
  await serving(
    async ({ port, requests }) => {
      const slow = ask(port, '/version', { agent });
      await expect.poll(() => requests.count(), patiently).toBe(1);
      requests.announceClose();
      expect((await slow).headers.connection).toBe('close');
      await expect.poll(() => requests.count(), patiently).toBe(0);
    },
    { dependencyDelayMs: 300 },
  );
  agent.destroy();
});
