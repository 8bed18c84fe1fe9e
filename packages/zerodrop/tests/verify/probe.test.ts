import { expect, test } from 'vitest';
import { ask, type Manner, probe, wrongWith } from '../../src/verify/probe.ts';
import { hash } from './sample.ts';
import { endpoint } from './server.ts';

const version = { tag: '1.2.4', source: hash('5') };
const { signal } = new AbortController();
const quick: Manner = { firstWithinMs: 0, answerWithinMs: 2_000, everyMs: 1, answers: 5 };
const patient: Manner = { ...quick, firstWithinMs: 5_000 };

const right = { body: JSON.stringify({ version: '1.2.4', revision: hash('5'), pod: 'web-1' }) };
const old = { body: JSON.stringify({ version: '1.2.3', revision: hash('4'), pod: 'web-0' }) };
const broken = { status: 503, body: 'no pod' };

test('is content with right answers, each over a connection of its own', async () => {
  const { url, sockets } = await endpoint(right);
  expect(await probe({ url }, version, signal, quick)).toBeNull();
  expect(sockets()).toBe(6);
});

test('waits for the first right answer', async () => {
  const { url } = await endpoint(null, broken, old, right);
  expect(await probe({ url }, version, signal, patient)).toBeNull();
});

test('objects to a wrong answer after a right one', async () => {
  const { url } = await endpoint(right, right, old);
  expect(await probe({ url }, version, signal, patient)).toEqual({
    kind: 'wrong',
    says: `${url} answers version 1.2.3 of 444444444444 instead of 1.2.4, after it had answered correctly.`,
  });
});

test('lets one answer be lost on the way, and not two', async () => {
  const one = await endpoint(right, null, right);
  expect(await probe(one, version, signal, patient)).toBeNull();
  const two = await endpoint(right, null, right, null);
  expect(await probe(two, version, signal, patient)).toEqual({
    kind: 'wrong',
    says: `${two.url} did not answer some requests: ECONNRESET, ECONNRESET.`,
  });
});

test.each([
  ['for the first right answer', broken],
  ['between two answers', right],
])('waits %s no longer than it is told to', async (_what, answer) => {
  const { url, sockets } = await endpoint(answer);
  const interruption = new AbortController();
  const slow: Manner = { ...patient, firstWithinMs: 120_000, everyMs: 60_000 };
  const probed = probe({ url }, version, interruption.signal, slow);
  await expect.poll(sockets).toBe(1);
  setTimeout(() => interruption.abort(new Error('enough')), 50);
  await expect(probed).rejects.toThrow('aborted');
});

test('tells an endpoint that answers wrongly from one that does not answer', async () => {
  const { url } = await endpoint(broken);
  expect(await probe({ url }, version, signal, quick)).toEqual({ kind: 'wrong', says: `${url} answers HTTP 503.` });
  const silent = await endpoint(null);
  expect(await probe(silent, version, signal, quick)).toEqual({
    kind: 'silent',
    says: `Nothing answers at ${silent.url} (ECONNRESET). Check the address, and that this machine can reach it.`,
  });
});

test('reads what an endpoint tells', async () => {
  const { url, paths } = await endpoint(
    { body: '{"version":"1.2.3","revision":"abc","pod":"web-1"}' },
    { status: 404, body: 'no' },
    { body: '[]' },
  );
  expect(await ask(new URL('/version', url), 2_000, signal)).toEqual({
    status: 200,
    version: '1.2.3',
    revision: 'abc',
  });
  expect(await ask(new URL(url), 2_000, signal)).toEqual({ status: 404, version: null, revision: null });
  expect(await ask(new URL('/version', url), 2_000, signal)).toEqual({ status: 200, version: null, revision: null });
  expect(paths).toEqual(['/version', '/', '/version']);
});

test('speaks TLS to an https address', async () => {
  const { url } = await endpoint({ body: '{}' });
  // The answer in plain HTTP makes no sense to it.
  expect(await ask(new URL(url.replace('http:', 'https:')), 2_000, signal)).toMatch(/SSL|EPROTO/);
});

test('gives the error code where nobody answers, and says so of one that is too slow', async () => {
  expect(await ask(new URL('http://127.0.0.1:1'), 2_000, signal)).toBe('ECONNREFUSED');
  const { url } = await endpoint('silence');
  expect(await ask(new URL(url), 10, signal)).toBe('no answer in time');
});

test('ends when it is told to', async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(ask(new URL('http://127.0.0.1:1'), 2_000, stopped)).rejects.toThrow('enough');
});

test.each([
  ['the revision', { status: 200, version: '0.1.0', revision: hash('5') }],
  ['the version', { status: 200, version: '1.2.4', revision: 'unknown' }],
  ['no version at all', { status: 200, version: null, revision: null }],
])('believes an answer with %s', (_what, answer) => {
  expect(wrongWith(answer, version)).toBeNull();
});

test('says what is wrong', () => {
  expect(wrongWith({ status: 500, version: '1.2.4', revision: null }, version)).toBe('HTTP 500');
  expect(wrongWith({ status: 200, version: '1.2.3', revision: null }, version)).toBe(
    'version 1.2.3 of an unknown commit instead of 1.2.4',
  );
  expect(wrongWith({ status: 200, version: null, revision: hash('4') }, version)).toBe(
    'version unknown of 444444444444 instead of 1.2.4',
  );
  expect(wrongWith({ status: 200, version: '1.2.3', revision: null }, null)).toBeNull();
});

test('asks the path that it is told to, and the address itself otherwise', async () => {
  const { url, paths } = await endpoint(right);
  const once = { ...quick, answers: 0 };
  await probe({ url, path: '/version' }, version, signal, once);
  await probe({ url: `${url}/healthz?deep=1` }, version, signal, once);
  expect(paths).toEqual(['/version', '/healthz?deep=1']);
});

test('believes a revision where nothing is known of the source', () => {
  const tag = { tag: '1.2.4', source: null };
  expect(wrongWith({ status: 200, version: null, revision: hash('4') }, tag)).toBeNull();
  expect(wrongWith({ status: 200, version: '1.2.3', revision: hash('4') }, tag)).toMatch('instead of 1.2.4');
});
