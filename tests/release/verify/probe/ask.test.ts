import { expect, test } from 'vitest';
import { ask } from '../../../../release/verify/probe/ask.ts';
import { endpoint } from './server.ts';

const { signal } = new AbortController();

test('reads what an endpoint tells', async () => {
  const { url, paths } = await endpoint(
    { body: '{"version":"1.2.3","revision":"abc","pod":"web-1"}' },
    { status: 404, body: 'no' },
    { body: '[]' },
  );
  expect(await ask(url, 2_000, signal)).toEqual({ status: 200, version: '1.2.3', revision: 'abc' });
  expect(await ask(`${url}/`, 2_000, signal)).toEqual({ status: 404, version: null, revision: null });
  expect(await ask(url, 2_000, signal)).toEqual({ status: 200, version: null, revision: null });
  expect(paths).toEqual(['/version', '/version', '/version']);
});

test('speaks TLS to an https address', async () => {
  const { url } = await endpoint({ body: '{}' });
  // The answer in plain HTTP makes no sense to it.
  expect(await ask(url.replace('http:', 'https:'), 2_000, signal)).toMatch(/SSL|EPROTO/);
});

test('gives the error code where nobody answers, and says so of one that is too slow', async () => {
  expect(await ask('http://127.0.0.1:1', 2_000, signal)).toBe('ECONNREFUSED');
  const { url } = await endpoint('silence');
  expect(await ask(url, 10, signal)).toBe('no answer in time');
});

test('ends when it is told to', async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(ask('http://127.0.0.1:1', 2_000, stopped)).rejects.toThrow('enough');
});
