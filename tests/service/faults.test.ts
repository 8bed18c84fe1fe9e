import { expect, test } from 'vitest';
import { noFaults, parseFaults } from '../../service/faults.ts';
import { ask, json } from './request.ts';
import { serving } from './serving.ts';

test('reads the faults that are named and leaves the others off', () => {
  expect(parseFaults('--faults', '{}')).toEqual(noFaults);
  expect(parseFaults('--faults', '{"startupDelayMs":1500,"crashAtStart":true}')).toEqual({
    ...noFaults,
    startupDelayMs: 1_500,
    crashAtStart: true,
  });
});

test.each([
  ['{"neverReady":', '--faults is not JSON: {"neverReady":. Write it like {"startupDelayMs":1500}.'],
  ['[]', '--faults is [], but it must be an object like {"startupDelayMs":1500}.'],
  ['null', '--faults is null, but it must be an object like {"startupDelayMs":1500}.'],
  [
    '{"startupDelay":1}',
    '--faults has the unknown fault startupDelay. The faults are startupDelayMs, crashAtStart, neverReady, answerDelayMs, failureRate.',
  ],
  ['{"toString":1}', '--faults has the unknown fault toString.'],
  [
    '{"startupDelayMs":"1500"}',
    '--faults: startupDelayMs is "1500", but it must be whole milliseconds from 0 to 3600000.',
  ],
  ['{"answerDelayMs":-1}', '--faults: answerDelayMs is -1, but it must be whole milliseconds from 0 to 3600000.'],
  ['{"neverReady":"yes"}', '--faults: neverReady is "yes", but it must be true or false.'],
  ['{"failureRate":10}', '--faults: failureRate is 10, but it must be a number from 0 to 1.'],
])('refuses %s', (text, sentence) => {
  expect(() => parseFaults('--faults', text)).toThrow(sentence);
});

test('fails the share of answers that it is told', async () => {
  const draws = [0.1, 0.3, 0.2999, 0.9];
  await serving(
    async ({ port }) => {
      const statuses: (number | undefined)[] = [];
      for (let i = 0; i < 4; i += 1) statuses.push((await ask(port, '/version')).status);
      expect(statuses).toEqual([500, 200, 500, 200]);
    },
    { faults: { failureRate: 0.3 }, random: () => draws.shift() ?? 1 },
  );
});

test('says that a failure is wanted, and whose it is, and logs nothing', async () => {
  await serving(
    async ({ port, lines }) => {
      const answer = await ask(port, '/echo', { method: 'POST', body: 'x' });
      expect(answer.status).toBe(500);
      expect(json(answer)).toEqual({ error: 'The fault failureRate fails 1 of all answers.' });
      expect(answer.headers['x-version']).toBe('1.4.0');
      expect(lines).toEqual([]);
    },
    { faults: { failureRate: 1 } },
  );
});

test('makes answers late, but not the probes', async () => {
  await serving(
    async ({ port, managementPort }) => {
      const order: string[] = [];
      const slow = ask(port, '/echo', { method: 'POST', body: 'late' }).then(({ body }) => order.push(body.toString()));
      await ask(managementPort, '/readyz').then(() => order.push('readyz'));
      await slow;
      expect(order).toEqual(['readyz', 'late']);
    },
    { faults: { answerDelayMs: 500 } },
  );
});
