import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Sample } from '../../src/rehearse/load/schedule.ts';
import type { Observed } from '../../src/rollout/watch.ts';
import {
  type Measured,
  predicateType,
  receiptOf,
  receiptWords,
  type Seen,
  type Subject,
} from '../../src/verify/receipt.ts';
import { hash, imageOf, pod } from './sample.ts';

const url = 'https://shop.example.com/version';
const subject: Subject = {
  rollout: 'web-staging',
  environment: 'staging',
  image: imageOf('1.2.4'),
  revision: hash('a'),
  url,
  rate: 5,
  isRolledOut: true,
};

/** A request that was due so many milliseconds after the load began, and how it ended. */
function sample(dueAt: number, other: Partial<Sample> = {}): Sample {
  const kind = dueAt % 200 === 0 ? 'keep-alive' : 'new-connection';
  return {
    kind,
    dueAt,
    sentAt: dueAt,
    endedAt: dueAt + 10,
    version: null,
    pod: null,
    port: 1,
    failure: null,
    ...other,
  };
}

/** Ten seconds of requests, of which some are other than the rest. */
function load(other: Readonly<Record<number, Partial<Sample>>> = {}): Measured {
  const samples = Array.from({ length: 100 }, (_, n) => sample(n * 100, other[n * 100]));
  return { samples, endedEarly: null };
}

function pods(at: number, ...tags: readonly string[]): Observed {
  return { kind: 'pods', pods: tags.map((tag) => pod(tag, 'ready')), at };
}

/** A rollout that replaces 1.2.3 from 4 s on. */
const whole: Seen = { first: ['web-1.2.3'], later: [pods(4_000, '1.2.3', '1.2.4'), pods(6_000, '1.2.4')] };

test('states what was sent and lost, and how long answers took', () => {
  const receipt = receiptOf(subject, [whole], load({ 9_900: { endedAt: 9_980 } }));
  expect(receipt).toEqual({
    rollout: 'web-staging',
    environment: 'staging',
    image: imageOf('1.2.4'),
    revision: hash('a'),
    url,
    rate: 5,
    window: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:09.900Z' },
    sent: 100,
    lost: 0,
    lostByCause: {},
    lostBefore: 0,
    latencyMs: { p50: 10, p99: 10 },
    verdict: 'lossless',
    reasons: [],
  });
});

test('tells losses by their cause, and those from before the rollout', () => {
  const reset = { failure: 'ECONNRESET' };
  const receipt = receiptOf(subject, [whole], load({ 3_900: reset, 4_500: reset, 4_600: { failure: 'HTTP 503' } }));
  expect(receipt).toMatchObject({
    lost: 3,
    lostByCause: { ECONNRESET: 2, 'HTTP 503': 1 },
    lostBefore: 1,
    verdict: 'lossy',
    reasons: [],
  });
});

const lost = { failure: 'ECONNREFUSED' };
const unheard = Object.fromEntries(load().samples.map(({ dueAt }) => [dueAt, lost]));

test.each<[why: string, seen: Seen, measured: Measured, about?: Partial<Subject>]>([
  [`${url} never answered as it should.`, whole, load(unheard)],
  [`${url} never answered as it should.`, whole, { samples: [], endedEarly: null }],
  ['The load client was killed.', whole, { ...load(), endedEarly: 'The load client was killed.' }],
  ['The load was silent for 501 ms', whole, load({ 5_000: { sentAt: 5_501 } })],
  ['This machine could not send some requests (ENOTFOUND).', whole, load({ 5_000: { failure: 'ENOTFOUND' } })],
  ['The rollout had begun before the load did.', { ...whole, first: ['web-1.2.3', 'web-1.2.4'] }, load()],
  ['No pod ran before it that could have answered.', { ...whole, first: [] }, load()],
  ['Its pods can not be seen from here.', { first: null, later: [] }, load()],
  ['The rollout did not complete.', whole, load(), { isRolledOut: false }],
  ['No pod was replaced while the load ran.', { ...whole, later: [] }, load({ 5_000: lost })],
])('is inconclusive, and never without loss: %s', (why, seen, measured, about = {}) => {
  const receipt = receiptOf({ ...subject, ...about }, [seen], measured);
  expect(receipt?.verdict).toBe('inconclusive');
  expect(receipt?.reasons.join(' ')).toContain(why);
});

test('counts a loss whatever else is not known', () => {
  const measured = { ...load({ 5_000: lost, 6_000: { sentAt: 7_000 } }), endedEarly: 'The load client was killed.' };
  expect(receiptOf({ ...subject, isRolledOut: false }, [whole], measured)?.verdict).toBe('lossy');
});

test('believes a client that was as late as a busy machine makes it', () => {
  expect(receiptOf(subject, [whole], load({ 5_000: { sentAt: 5_500 } }))?.verdict).toBe('lossless');
});

test('has nothing to tell where no pod was replaced', () => {
  expect(receiptOf(subject, [{ first: ['web-1.2.4'], later: [pods(4_000, '1.2.4')] }], load())).toBeNull();
});

test('covers all rollouts of an Application, and those that do not roll', () => {
  const still: Seen = { first: ['api-1'], later: [] };
  const scaledToNone: Seen = { first: [], later: [] };
  expect(receiptOf(subject, [still, whole, scaledToNone], load())?.verdict).toBe('lossless');
});

test('says it in a sentence', () => {
  const words = (measured: Measured, seen = whole): string => {
    const receipt = receiptOf(subject, [seen], measured);
    return receipt === null ? '' : receiptWords(receipt);
  };
  expect(words(load())).toBe('0 of 100 requests lost, p50 10.0 ms, p99 10.0 ms');
  expect(words(load({ 5_000: lost }))).toBe('1 of 100 requests lost (1 ECONNREFUSED), p50 10.0 ms, p99 10.0 ms');
  expect(words(load({ 1_000: lost, 5_000: lost }))).toContain('(2 ECONNREFUSED, 1 of them before the first new pod)');
  expect(words(load(), { ...whole, first: ['a', 'b'] })).toBe(
    'Inconclusive (0 of 100 requests lost). The rollout had begun before the load did.',
  );
});

test('has what the published schema says', () => {
  const file = new URL('../../docs/receipt.schema.json', import.meta.url);
  const schema: { readonly $id: string; readonly required: string[]; readonly properties: object } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const receipt = receiptOf(subject, [whole], load());
  expect(schema.$id).toBe(predicateType);
  expect(Object.keys(receipt ?? {})).toEqual(expect.arrayContaining(schema.required));
  expect(Object.keys(schema.properties).toSorted()).toEqual(Object.keys(receipt ?? {}).toSorted());
});
