import { expect, test } from 'vitest';
import {
  explanation,
  lostConnection,
  newestInTrouble,
  nothingSeen,
  remember,
} from '../../../src/rehearse/report/words.ts';
import type { PodState } from '../../../src/rollout/watch.ts';

const pod = (name: string, state: PodState) => ({ name, replicaSet: 'web-1', image: 'web:1', state });

const warn = (message: string) => ({ kind: 'warning', object: 'Pod/a', reason: 'Failed', message }) as const;

test('picks the newest pod that failed, else the newest that is not ready yet', () => {
  const pods = [pod('a', 'failed'), pod('b', 'failed'), pod('c', 'starting'), pod('d', 'ready')];
  expect(newestInTrouble({ ...nothingSeen, pods })?.name).toBe('b');
  expect(newestInTrouble({ ...nothingSeen, pods: pods.slice(2) })?.name).toBe('c');
  expect(newestInTrouble({ ...nothingSeen, pods: pods.slice(3) })).toBeNull();
});

test('keeps the last warnings', () => {
  const { warnings } = ['1', '2', '3', '4', '5', '6'].map(warn).reduce(remember, nothingSeen);
  expect(warnings).toEqual(['2', '3', '4', '5', '6'].map((message) => `Pod/a Failed: ${message}`));
});

test('puts the sync, the warnings and the last words of the pod one under the other', () => {
  const application = {
    sync: 'OutOfSync',
    health: 'Degraded',
    revision: 'abc',
    pending: false,
    phase: 'Failed',
    phaseRevision: 'abc',
    message: 'not permitted',
    conditions: [{ type: 'SyncError', message: 'failed' }],
  } as const;
  const memory = { application, warnings: ['Pod/a BackOff: again'], pods: [] };
  expect(explanation(memory, pod('a', 'failed'), ['one', 'two']).split('\n')).toEqual([
    'Sync failed: not permitted',
    'SyncError: failed',
    'Pod/a BackOff: again',
    'Last words of pod a:',
    '  one',
    '  two',
  ]);
});

test('says to whom a connection was lost', () => {
  expect(lostConnection('a', 'ECONNREFUSED')).toMatchObject({
    object: 'Pod/a',
    message: 'It refused a connection while the balancer still knew it as an endpoint.',
  });
  expect(lostConnection('a', 'ECONNRESET')).toMatchObject({
    object: 'Pod/a',
    message: 'It broke a connection (ECONNRESET).',
  });
  expect(lostConnection(null, 'ECONNREFUSED')).toMatchObject({ object: 'Service', reason: 'NoEndpoint' });
});
