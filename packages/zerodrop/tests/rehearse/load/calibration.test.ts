import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startCalibratedLoad } from '../../../src/rehearse/load/load.ts';
import { echo as asked } from '../../../src/rehearse/load/request.ts';
import { keptConnections, type Sample } from '../../../src/rehearse/load/schedule.ts';
import { calibrated } from '../../../src/rehearse/verdict/trust.ts';
import { play } from '../verdict/small.ts';
import { echo, serve } from './echo-server.ts';

const kept = keptConnections(100, 3, 5_000);

test('breaks six connections of both kinds under a request, and the client tells of these alone', async () => {
  await using server = await serve(echo);
  const samples: Sample[] = [];
  const onSamples = (batch: readonly Sample[]): void => void samples.push(...batch);
  const load = await startCalibratedLoad({ url: server.url, request: asked, kept, rate: 100, onSamples });
  const calibration = await load.calibrate();
  const directAt = Date.now() + 50;
  await pause(200);
  await load.stop();

  const { found, record } = calibrated({ ...play, samples, calibration });
  expect(calibration.wanted).toBe(6);
  // Which kind meets how many depends on whose request comes first, where a machine is busy.
  expect(found.map(({ failure }) => failure)).toEqual(Array.from({ length: 6 }, () => 'ECONNRESET'));
  expect(new Set(found.map(({ kind }) => kind)).size).toBe(2);
  expect(record.samples.filter(({ failure }) => failure !== null)).toEqual([]);
  // The service itself is dialled from then on.
  expect(samples.filter(({ dueAt, failure }) => dueAt > directAt && failure === null).length).toBeGreaterThan(10);
});

test('can break nothing of a client that sends nothing', async () => {
  await using server = await serve(echo);
  const load = await startCalibratedLoad({
    url: server.url,
    request: asked,
    kept,
    rate: 5_000,
    onSamples: () => undefined,
  });
  process.kill(load.pid, 'SIGSTOP');
  const { wanted, broken } = await load.calibrate();
  process.kill(load.pid, 'SIGCONT');
  await load.abandon();

  expect(wanted).toBe(6);
  expect(broken.length).toBeLessThan(wanted);
});

test('waits for the answers of a slow service, without which no connection is a kept one', async () => {
  await using server = await serve((request, response) => void setTimeout(() => echo(request, response), 2_500));
  const load = await startCalibratedLoad({
    url: server.url,
    rate: 20,
    request: asked,
    kept,
    onSamples: () => undefined,
  });
  const { wanted, broken } = await load.calibrate();
  await load.abandon();

  expect(broken).toHaveLength(wanted);
});
