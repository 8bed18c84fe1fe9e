import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/errors.ts';
import { refuseSinglePod, singlePod } from '../../../../src/rehearse/kubernetes/traffic.ts';

const { signal } = new AbortController();

/** Answers `/version` in the name of these pods, one after the other; not at all in the name of null. */
async function withService(pods: readonly (string | null)[], use: (url: string) => Promise<void>): Promise<void> {
  let asked = 0;
  const server = http.createServer((_, response) => {
    const pod = pods[asked % pods.length];
    asked += 1;
    if (pod === null) return void response.destroy();
    response.end(JSON.stringify({ version: 'v1', pod }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an address that always leads to the same pod is refused, as a port-forward is', async () => {
  await withService(['web-a'], async (url) => {
    const asked = refuseSinglePod(url, 3, signal);
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/only pod web-a of 3 answers\. A kubectl port-forward/);
  });
});

test('an address with several pods behind it is taken', async () => {
  await withService(['web-a', 'web-a', 'web-b'], async (url) => {
    await expect(refuseSinglePod(url, 3, signal)).resolves.toBeUndefined();
  });
});

test('an address where nothing answers is told apart', async () => {
  const asked = refuseSinglePod('http://127.0.0.1:1', 3, signal, { withinMs: 0, betweenMs: 0 });

  await expect(asked).rejects.toThrow('does not answer there reliably: 0 answers in 0 s');
  await expect(asked).rejects.not.toThrow(UsageError);
});

test('an address that refuses at first is asked again', async () => {
  await withService([null, null, 'web-a', 'web-b'], async (url) => {
    await expect(refuseSinglePod(url, 3, signal, { withinMs: 30_000, betweenMs: 0 })).resolves.toBeUndefined();
  });
});

test('an interruption ends the asking', async () => {
  await withService([null], async (url) => {
    const interrupted = AbortSignal.abort(new Error('interrupted by SIGINT'));

    await expect(refuseSinglePod(url, 3, interrupted)).rejects.toThrow('interrupted by SIGINT');
  });
});

test('a single replica can only answer alone', () => {
  const answers = Array.from({ length: 30 }, () => ({ version: 'v1', pod: 'web-a' }));

  expect(singlePod('http://x', 1, answers)).toBeNull();
});
