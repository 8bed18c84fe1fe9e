import http from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { serveLive } from '../../src/live/server.ts';
import { makeLive } from '../../src/live/state.ts';
import { livePort } from '../../src/options.ts';

interface Answered {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

async function ask(url: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answered> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.request(url, { headers, method, agent: false }, resolve).on('error', reject).end();
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

async function page() {
  const live = makeLive('web', Date.now());
  const served = await serveLive(0, (now) => live.state(now));
  onTestFinished(() => served.close());
  return { live, ...served };
}

test('serves one page that may ask its own server and no other', async () => {
  const { url } = await page();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const { status, headers, body } = await ask(url);
  expect(status).toBe(200);
  expect(body).toContain('<!doctype html>');
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'; /,
  );
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(body).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  expect((await ask(`${url}other`)).status).toBe(404);
  expect((await ask(url, {}, 'POST')).status).toBe(405);
});

test('answers no other host: a page of another site may have its name lead here', async () => {
  const { url } = await page();
  const { port } = new URL(url);
  expect((await ask(url, { host: `localhost:${port}` })).status).toBe(200);
  for (const host of [`evil.example.com:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) - 1}`, 'localhost']) {
    const { status, body } = await ask(`${url}events`, { host });
    expect([host, status, body]).toEqual([host, 421, '']);
  }
});

/** Each state that the page is sent, with how late it came. */
async function events(url: string) {
  const answer = await new Promise<http.IncomingMessage>((resolve) =>
    http.get(`${url}events`, { agent: false }, resolve),
  );
  let told = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => (told += chunk));
  const ended = new Promise((resolve) => answer.once('end', resolve));
  return { ended, all: () => told, next: () => new Promise((resolve) => answer.once('data', resolve)) };
}

test('sends the state at once, each change within half a second, and the end', async () => {
  const { url, live, close } = await page();
  const { next, all, ended } = await events(url);
  if (all() === '') await next();
  expect(all()).toMatch(/^retry: 500\n\ndata: \{"title":"web",/);
  live.step('released');
  const changedAt = Date.now();
  expect(await next()).toContain('"step":"released"');
  expect(Date.now() - changedAt).toBeLessThan(500);
  live.verdict('passed', 'nothing was lost');
  await Promise.all([close(), ended]);
  expect(all()).toMatch(/"verdict":\{"kind":"passed","words":"nothing was lost"\}\}\n\nevent: end\ndata: \{\}\n\n$/);
  await expect(ask(url)).rejects.toThrow('ECONNREFUSED');
});

test('says that a port is taken', async () => {
  const { url, live } = await page();
  const taken = serveLive(Number(new URL(url).port), (now) => live.state(now));
  await expect(taken).rejects.toThrow(UsageError);
  await expect(taken).rejects.toThrow("which can't be listened on. Choose another, or leave it out.");
});

test('reads which port is asked for', () => {
  expect([livePort({}), livePort({ live: true }), livePort({ 'live-port': '8080' })]).toEqual([null, 0, 8_080]);
  for (const port of ['x', '-1', '65536']) expect(() => livePort({ 'live-port': port })).toThrow(UsageError);
});
