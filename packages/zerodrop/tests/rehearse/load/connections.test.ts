import { expect, test } from 'vitest';
import { keptConnections, makeConnections } from '../../../src/rehearse/load/send.ts';

const due = (kind: 'keep-alive' | 'new-connection', index: number) => ({ kind, index, dueAt: 0 });

test.each([
  [1, 2],
  [5, 10],
  [100, 20],
  [5_000, 20],
])('%i requests per second keep %i connections, each in use every two seconds', (rate, expected) => {
  expect(keptConnections(rate)).toBe(expected);
});

test('keep-alive requests take turns on their connections', () => {
  const connections = makeConnections(1);
  const agents = [0, 1, 2, 3].map((index) => connections.agentFor(due('keep-alive', index)));

  expect(agents[0]).toBe(agents[2]);
  expect(agents[1]).toBe(agents[3]);
  expect(agents[0]).not.toBe(agents[1]);
});

test('the other kind shares no connection with them', () => {
  const connections = makeConnections(1);
  const fresh = connections.agentFor(due('new-connection', 0));

  expect([0, 1].map((index) => connections.agentFor(due('keep-alive', index)))).not.toContain(fresh);
});
