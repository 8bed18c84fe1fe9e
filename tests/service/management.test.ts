import { expect, test } from 'vitest';
import { createManagement } from '../../service/management.ts';
import { listen, serve } from '../../service/server.ts';
import { ask, json } from './request.ts';
import { serving } from './serving.ts';

test('answers, whatever else is broken', async () => {
  await serving(async ({ managementPort }) => expect((await ask(managementPort, '/livez')).status).toBe(200), {
    faults: { neverReady: true, failureRate: 1 },
  });
});

test('is ready from the first answer on', async () => {
  await serving(async ({ managementPort }) => expect((await ask(managementPort, '/readyz')).status).toBe(200));
});

test('stays ready once the end was announced', async () => {
  await serving(async ({ managementPort, requests }) => {
    requests.announceClose();
    expect((await ask(managementPort, '/readyz')).status).toBe(200);
  });
});

test('is not ready while the port for requests is closed', async () => {
  const closed = serve(
    createManagement({ write: () => undefined }, { isListening: () => false, neverReady: false }),
    1,
  );
  const { port } = await listen(closed, 0, '127.0.0.1');
  const answer = await ask(port, '/readyz');
  closed.close();
  expect(answer.status).toBe(503);
  expect(json(answer)).toEqual({ status: 'not ready', reason: 'the port for requests is closed' });
});

test('is never ready with the fault of that name', async () => {
  await serving(
    async ({ managementPort }) => {
      const answer = await ask(managementPort, '/readyz');
      expect(answer.status).toBe(503);
      expect(json(answer)).toEqual({ status: 'not ready', reason: 'the fault neverReady is on' });
    },
    { faults: { neverReady: true } },
  );
});

test('answers on the management port nothing that clients ask for', async () => {
  await serving(async ({ managementPort }) => {
    expect((await ask(managementPort, '/version')).status).toBe(404);
    expect((await ask(managementPort, '/echo', { method: 'POST', body: 'x' })).status).toBe(404);
  });
});
