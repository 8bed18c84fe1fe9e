import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openLog } from '../../../service/log.ts';
import { createLifecycle, onSignals } from '../../../service/shutdown/lifecycle.ts';
import { identity } from '../serving.ts';
import { handClock } from './hand-clock.ts';

/** What a process that gets these signals, one after the other, is told. */
function meaningOf(...signals: readonly NodeJS.Signals[]): string[] {
  const heard: string[] = [];
  const process = new EventEmitter();
  onSignals(process, (occurrence) => heard.push(occurrence));
  for (const signal of signals) process.emit(signal);
  return heard;
}

test.each([
  [
    ['SIGTERM', 'SIGTERM', 'SIGTERM'],
    ['signal', 'signal', 'signal'],
  ],
  [['SIGINT'], ['signal']],
  [
    ['SIGINT', 'SIGINT', 'SIGINT'],
    ['signal', 'insistence', 'insistence'],
  ],
  // One Ctrl-C beside a SIGTERM insists on nothing.
  [
    ['SIGTERM', 'SIGINT'],
    ['signal', 'signal'],
  ],
  [
    ['SIGINT', 'SIGTERM'],
    ['signal', 'signal'],
  ],
  [
    ['SIGTERM', 'SIGINT', 'SIGINT'],
    ['signal', 'signal', 'insistence'],
  ],
] as const)('%j means %j', (signals, meant) => {
  expect(meaningOf(...signals)).toEqual(meant);
});

function begin() {
  const lines: string[] = [];
  const clock = handClock();
  const log = openLog(identity, { write: (line) => void lines.push(line) });
  return {
    lifecycle: createLifecycle(log, clock),
    pass: clock.pass,
    logged: () => lines.map((line): unknown => JSON.parse(line)),
  };
}

test('tells everyone that listens, without a warning about how many they are', () => {
  const { lifecycle } = begin();
  const warnings: Error[] = [];
  process.on('warning', (warning) => warnings.push(warning));
  let told = 0;
  for (let i = 0; i < 50; i += 1) lifecycle.leaving.addEventListener('abort', () => (told += 1));
  lifecycle.leave();
  expect(told).toBe(50);
  expect(warnings).toEqual([]);
});

test('closes resources one after the other, the last one first', async () => {
  const { lifecycle, logged } = begin();
  const did: string[] = [];
  lifecycle.beforeExit('log', () => void did.push('log'));
  lifecycle.beforeExit('pool', () => void did.push('pool'));
  lifecycle.beforeExit('consumer', async () => {
    await turn();
    did.push('consumer');
  });
  expect(await lifecycle.closeAll(1_000)).toBe(true);
  expect(did).toEqual(['consumer', 'pool', 'log']);
  expect(logged()).toEqual([]);
});

test('closes the others where one fails, and says which', async () => {
  const { lifecycle, logged } = begin();
  const did: string[] = [];
  lifecycle.beforeExit('pool', () => void did.push('pool'));
  lifecycle.beforeExit('consumer', () => {
    throw new Error('is busy');
  });
  expect(await lifecycle.closeAll(1_000)).toBe(false);
  expect(did).toEqual(['pool']);
  expect(logged()).toMatchObject([
    { severity: 'ERROR', message: 'consumer could not be closed', resource: 'consumer', err: { message: 'is busy' } },
  ]);
});

test('waits no longer than it may, and says for what', async () => {
  const { lifecycle, pass, logged } = begin();
  lifecycle.beforeExit('pool', () => undefined);
  lifecycle.beforeExit('consumer', () => new Promise(() => undefined));
  const closed = lifecycle.closeAll(1_000);
  pass(1_000);
  expect(await closed).toBe(false);
  expect(logged()).toMatchObject([
    { severity: 'ERROR', message: 'consumer, pool not closed within 1000 ms', resources: ['consumer', 'pool'] },
  ]);
});

test('says nothing later of what was closed in time', async () => {
  const { lifecycle, pass, logged } = begin();
  lifecycle.beforeExit('pool', () => undefined);
  expect(await lifecycle.closeAll(1_000)).toBe(true);
  pass(2_000);
  expect(logged()).toEqual([]);
});

test('has nothing to wait for where nothing is registered', async () => {
  expect(await begin().lifecycle.closeAll(0)).toBe(true);
});
