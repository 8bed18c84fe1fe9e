import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../errors.ts';
import { type Live, type LiveState, makeLive } from './state.ts';

/** A page that shows a run while it goes on. */
export interface LivePage {
  readonly url: string;
  /** Shows the last state to whoever looks, tells their pages that the run is over, and closes. */
  close(): Promise<void>;
}

/** How often a state is made, in milliseconds: what is seen of the cluster is on the page well within half a second. */
const everyMs = 200;

/** A state that is the same but for the time is sent all the same after so long, in milliseconds: the time that is left passes. */
const atLeastEveryMs = 1_000;

/**
 * Serves the page on 127.0.0.1, with its state as server-sent events. Answers no other host name, so that no page of another site reaches it
 * by a name of its own. Throws {@link UsageError} where the port is taken.
 *
 * @param port 0 for any that is free
 */
export async function serveLive(port: number, stateNow: (now: number) => LiveState): Promise<LivePage> {
  const html = readFileSync(new URL('live.html', import.meta.url), 'utf8');
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': policyOf(html),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  const listening = new Set<ServerResponse>();
  let last = '';
  let sentAt = 0;
  const tell = (): void => {
    if (listening.size === 0) return;
    const now = Date.now();
    const state = stateNow(now);
    const { at: _, ...told } = state;
    const news = JSON.stringify(told);
    if (news === last && now - sentAt < atLeastEveryMs) return;
    last = news;
    sentAt = now;
    for (const response of listening) response.write(eventOf(state));
  };
  const server = createServer((request, response) => {
    const { host } = request.headers;
    if (host !== `127.0.0.1:${place()}` && host !== `localhost:${place()}`) return void response.writeHead(421).end();
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    if (request.url === '/') {
      return void response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(html);
    }
    if (request.url !== '/events') return void response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write(`retry: 500\n\n${eventOf(stateNow(Date.now()))}`);
    listening.add(response);
    response.once('close', () => listening.delete(response));
  });
  const place = (): number => (server.address() as AddressInfo).port;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw new UsageError(`--live-port is ${port}, which can't be listened on. Choose another, or leave it out.`, {
      cause,
    });
  });
  const telling = setInterval(tell, everyMs).unref();
  // A run that ends by an error does not wait for whoever looks.
  server.unref();
  const close = async (): Promise<void> => {
    clearInterval(telling);
    const final = eventOf(stateNow(Date.now()));
    for (const response of listening) response.end(`${final}event: end\ndata: {}\n\n`);
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    // Whoever does not read any more is not waited for.
    setTimeout(() => server.closeAllConnections(), atLeastEveryMs).unref();
    await closed;
  };
  let closing: Promise<void> | null = null;
  return { url: `http://127.0.0.1:${place()}/`, close: async () => (closing ??= close()) };
}

/** Starts the page of a run, and tells its address on stderr. */
export async function startLive(title: string, port: number): Promise<Live & LivePage> {
  const live = makeLive(title, Date.now());
  const page = await serveLive(port, (now) => live.state(now));
  process.stderr.write(`live: ${page.url}\n`);
  return {
    ...live,
    url: page.url,
    async close() {
      if (live.state(Date.now()).verdict === null)
        live.verdict('inconclusive', 'The run ended without a verdict. Its terminal says why.');
      await page.close();
    },
  };
}

function eventOf(state: LiveState): string {
  return `data: ${JSON.stringify(state)}\n\n`;
}

/** Lets the page run its own script and style and ask its own server, and nothing else. */
function policyOf(html: string): string {
  const hash = (element: string): string => {
    const [, text = ''] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  return [
    "default-src 'none'",
    `script-src ${hash('script')}`,
    `style-src ${hash('style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
