import { expect, test } from 'vitest';
import { ask, json } from '../request.ts';
import { serving } from '../serving.ts';

test('is ready from the first answer on', async () => {
  await serving(async ({ port }) => expect((await ask(port, '/readyz')).status).toBe(200));
});

test('stays ready once the end was announced', async () => {
  await serving(async ({ port, requests }) => {
    requests.announceClose();
    expect((await ask(port, '/readyz')).status).toBe(200);
  });
});

test('is never ready with the fault of that name', async () => {
  await serving(
    async ({ port }) => {
      const answer = await ask(port, '/readyz');
      expect(answer.status).toBe(503);
      expect(json(answer)).toEqual({ status: 'not ready', reason: 'the fault neverReady is on' });
    },
    { faults: { neverReady: true } },
  );
});
