import { expect, test } from 'vitest';
import { type Manner, probe } from '../../../../release/verify/probe/probe.ts';
import { hash, imageOf } from '../sample.ts';
import { endpoint } from './server.ts';

const pin = { image: imageOf('1.2.4'), source: hash('5') };
const { signal } = new AbortController();
const quick: Manner = { firstWithinMs: 0, answerWithinMs: 2_000, everyMs: 1, answers: 5 };
const patient: Manner = { ...quick, firstWithinMs: 5_000 };

const right = { body: JSON.stringify({ version: '1.2.4', revision: hash('5'), pod: 'web-1' }) };
const old = { body: JSON.stringify({ version: '1.2.3', revision: hash('4'), pod: 'web-0' }) };
const broken = { status: 503, body: 'no pod' };

test('is content with right answers, each over a connection of its own', async () => {
  const { url, sockets } = await endpoint(right);
  expect(await probe(url, pin, signal, quick)).toBeNull();
  expect(sockets()).toBe(6);
});

test('waits for the first right answer', async () => {
  const { url } = await endpoint(null, broken, old, right);
  expect(await probe(url, pin, signal, patient)).toBeNull();
});

test('objects to a wrong answer after a right one', async () => {
  const { url } = await endpoint(right, right, old);
  expect(await probe(url, pin, signal, patient)).toEqual({
    kind: 'wrong',
    says: `${url} answers version 1.2.3 of 444444444444 instead of 1.2.4, after it had answered correctly.`,
  });
});

test('lets one answer be lost on the way, and not two', async () => {
  const one = await endpoint(right, null, right);
  expect(await probe(one.url, pin, signal, patient)).toBeNull();
  const two = await endpoint(right, null, right, null);
  expect(await probe(two.url, pin, signal, patient)).toEqual({
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
  const probed = probe(url, pin, interruption.signal, slow);
  await expect.poll(sockets).toBe(1);
  setTimeout(() => interruption.abort(new Error('enough')), 50);
  await expect(probed).rejects.toThrow('aborted');
});

test('tells an endpoint that answers wrongly from one that does not answer', async () => {
  const { url } = await endpoint(broken);
  expect(await probe(url, pin, signal, quick)).toEqual({ kind: 'wrong', says: `${url} answers HTTP 503.` });
  const silent = await endpoint(null);
  expect(await probe(silent.url, pin, signal, quick)).toEqual({
    kind: 'silent',
    says: `Nothing answers at ${silent.url} (ECONNRESET). Check the address, and that this machine can reach it.`,
  });
});
