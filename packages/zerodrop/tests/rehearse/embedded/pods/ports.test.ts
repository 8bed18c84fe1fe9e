import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { makePorts } from '../../../../src/rehearse/embedded/pods/system.ts';

test('stays below the ephemeral ports and does not come back soon', async () => {
  const next = makePorts(0.999_95);
  const ports = [await next(), await next(), await next(), await next()];
  expect(new Set(ports).size).toBe(4);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
});

test('passes over a port that somebody listens on', async () => {
  const first = await makePorts(0.5)();
  const server = createServer();
  await once(server.listen(first, '127.0.0.1'), 'listening');
  try {
    expect(await makePorts(0.5)()).not.toBe(first);
  } finally {
    server.close();
  }
});
