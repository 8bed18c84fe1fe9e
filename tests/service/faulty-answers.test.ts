import { expect, test } from 'vitest';
import { ask, json } from './request.ts';
import { serving } from './serving.ts';

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
