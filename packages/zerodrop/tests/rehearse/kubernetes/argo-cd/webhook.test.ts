import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { pingWebhook, pushPayload, signature, tellPush } from '../../../../src/rehearse/kubernetes/argo-cd.ts';

const push = { repository: 'http://127.0.0.1:4000/own.git', branch: 'main', commit: 'a'.repeat(40) };

interface Delivery {
  readonly event: string | undefined;
  readonly signed: string | undefined;
  readonly body: string;
}

/** Takes deliveries and answers each with `status`. */
async function withReceiver(
  status: number,
  use: (url: string, deliveries: readonly Delivery[]) => Promise<void>,
): Promise<void> {
  const deliveries: Delivery[] = [];
  const receive = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    const body = await text(request);
    deliveries.push({ event: header('x-github-event'), signed: header('x-hub-signature-256'), body });
    response.writeHead(status).end('event not defined to be parsed');
  };
  const server = http.createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhook`, deliveries);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a push names the repository as Argo CD matches it', () => {
  expect(pushPayload(push)).toMatchObject({
    ref: 'refs/heads/main',
    after: push.commit,
    repository: { html_url: 'http://127.0.0.1:4000/own' },
  });
});

test('a delivery is signed over the bytes that are sent', async () => {
  await withReceiver(200, async (url, deliveries) => {
    await tellPush({ url, secret: 'quiet' }, push);
    await tellPush({ url, secret: null }, push);

    const [first, second] = deliveries;
    expect(first).toMatchObject({ event: 'push', signed: signature('quiet', first?.body ?? '') });
    expect(second?.signed).toBeUndefined();
  });
});

test('the signature is the one that GitHub documents', () => {
  // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  expect(signature("It's a Secret to Everybody", 'Hello, World!')).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  );
});

test('a refusal says what is likely missing', async () => {
  await withReceiver(400, async (url) => {
    await expect(pingWebhook({ url, secret: null })).rejects.toThrow(
      /answered HTTP 400 to a ping: .*set ARGOCD_WEBHOOK_SECRET/,
    );
  });
});

test('a webhook that is away is named', async () => {
  await expect(pingWebhook({ url: 'http://127.0.0.1:1/api/webhook', secret: null })).rejects.toThrow(
    '--webhook http://127.0.0.1:1/api/webhook does not answer',
  );
});
