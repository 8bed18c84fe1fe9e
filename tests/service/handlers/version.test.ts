import { expect, test } from 'vitest';
import { ask, json } from '../request.ts';
import { identity, serving } from '../serving.ts';

test('says which build runs in which pod', async () => {
  await serving(async ({ port }) => {
    const answer = await ask(port, '/version');
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual(identity);
  });
});

test('waits for its slow dependency while other endpoints answer', async () => {
  await serving(
    async ({ port }) => {
      const order: string[] = [];
      const slow = ask(port, '/version').then(() => order.push('version'));
      await ask(port, '/nothing').then(() => order.push('nothing'));
      await slow;
      expect(order).toEqual(['nothing', 'version']);
    },
    { dependencyDelayMs: 500 },
  );
});

test('adds neither an ETag nor the name of its framework', async () => {
  await serving(async ({ port }) => {
    const { headers } = await ask(port, '/version');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});
