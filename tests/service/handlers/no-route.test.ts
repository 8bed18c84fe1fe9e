import { expect, test } from 'vitest';
import { ask, json } from '../request.ts';
import { serving } from '../serving.ts';

test('answers on the management port nothing that clients ask for', async () => {
  await serving(async ({ managementPort }) => {
    expect((await ask(managementPort, '/version')).status).toBe(404);
    expect((await ask(managementPort, '/echo', { method: 'POST', body: 'x' })).status).toBe(404);
  });
});

test.each([
  ['GET', '/nothing'],
  ['GET', '/echo'],
  ['GET', '/livez'],
  ['GET', '/readyz'],
  ['GET', '/metrics'],
  ['DELETE', '/version'],
])('answers %s %s with 404 in JSON', async (method, path) => {
  await serving(async ({ port }) => {
    const answer = await ask(port, `${path}?secret=1`, { method });
    expect(answer.status).toBe(404);
    expect(json(answer)).toEqual({ error: `There is no ${method} ${path} here.` });
  });
});
