import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookElsewhere } from '../../../../src/rehearse/embedded/pods/process.ts';

let server: Server;
let port = 0;
let since: Map<string, number>;
const look = (asked: number, now: number) => lookElsewhere(process.pid, new Set([asked]), since, now);

async function listen(host: string): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  port = (server.address() as AddressInfo).port;
}

beforeEach(() => {
  server = createServer();
  since = new Map();
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe.skipIf(process.platform !== 'linux')('a command that nobody reaches', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('listens on the right port of %s', async (host) => {
    await listen(host);

    expect(look(port, 0)).toBeNull();
    expect(look(port, 4_000)).toBeNull();
    expect(look(port, 5_001)).toBe(
      `The command listens on port ${port} of 127.0.0.1, where nothing outside its pod reaches it. Have it listen on 0.0.0.0.`,
    );
  });

  test.each(['0.0.0.0', '::', '127.0.0.1'])(
    'listens on another port of %s, which may be for its management',
    async (host) => {
      await listen(host);

      expect(look(1, 0)).toBeNull();
      expect(look(1, 29_000)).toBeNull();
      expect(look(1, 30_001)).toMatch(
        new RegExp(`^The command does not listen on port 1 \\(it listens on .*\\b${port}\\b`),
      );
    },
  );
});
