import { request } from 'node:http';
import type { HttpRequest, HttpResponse } from '@ngrok/webernetes';

/** A probe gives up earlier; this only keeps a hanging pod from collecting requests. */
const giveUpMs = 10_000;

/** Sends a probe of the kubelet to the process of the pod, each on a connection of its own, as a kubelet does. */
export async function probe(port: number, { method, url, header }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: `${url.pathname}${url.search}`,
        headers: header,
        agent: false,
        signal: AbortSignal.timeout(giveUpMs),
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
