import { expect, test } from 'vitest';
import { trackOpenRequests } from '../../service/connections/open-requests.ts';
import { listen, serve, serveClients } from '../../service/server.ts';

test('outlasts the keep-alive of a Google load balancer, and bounds headers within the request', () => {
  const server = serve(() => undefined, 10_000);
  expect(server.keepAliveTimeout).toBeGreaterThan(600_000);
  expect(server.requestTimeout).toBe(10_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(server.requestTimeout);
  expect(server.headersTimeout).toBeGreaterThan(0);
});

test('bounds no upload of a client in its whole length', () => {
  const server = serveClients(() => undefined, trackOpenRequests(), 10_000);
  expect(server.requestTimeout).toBe(0);
  expect(server.headersTimeout).toBe(10_000);
});

test('says what to do about a taken port', async () => {
  const first = serve(() => undefined, 10_000);
  const { port } = await listen(first, 0, '127.0.0.1');
  try {
    await expect(
      listen(
        serve(() => undefined, 10_000),
        port,
        '127.0.0.1',
      ),
    ).rejects.toMatchObject({
      name: 'ListenError',
      message: `Port ${port} is taken by another program. Choose another with PORT.`,
      cause: { code: 'EADDRINUSE' },
    });
  } finally {
    first.close();
  }
});

test('says what to do about an address that is not here', async () => {
  // 192.0.2.0/24 is kept for documentation (RFC 5737): no machine has it.
  await expect(
    listen(
      serve(() => undefined, 10_000),
      0,
      '192.0.2.1',
    ),
  ).rejects.toThrow(/^Cannot listen on 192\.0\.2\.1, port 0: .*EADDRNOTAVAIL.* Choose others with HOST and PORT\.$/);
});
