import { expect, test } from 'vitest';
import { ask } from '../request.ts';
import { serving } from '../serving.ts';

test('answers, whatever else is broken', async () => {
  await serving(async ({ managementPort }) => expect((await ask(managementPort, '/livez')).status).toBe(200), {
    faults: { neverReady: true, failureRate: 1 },
  });
});
