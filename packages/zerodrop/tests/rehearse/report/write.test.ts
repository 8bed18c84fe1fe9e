import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeReport, writeSamples } from '../../../src/rehearse/report/write.ts';
import { play, withSample } from '../verdict/small.ts';
import { lostOne, small } from './reports.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('writes every form of the report, into a folder that it makes', async () => {
  const directory = path.join(folder, 'reports', 'latest');
  await writeReport(directory, small);

  expect(await readdir(directory)).toEqual(['junit.xml', 'report.html', 'report.json', 'report.svg', 'summary.md']);
  expect(JSON.parse(await readFile(path.join(directory, 'report.json'), 'utf8'))).toEqual(small);
});

test('replaces the report that was there', async () => {
  await writeReport(folder, lostOne);
  await writeReport(folder, small);

  expect(await readFile(path.join(folder, 'summary.md'), 'utf8')).toContain('Rehearsal passed');
});

test('says where it cannot write', async () => {
  const taken = path.join(folder, 'taken');
  await writeFile(taken, '');

  await expect(writeReport(taken, small)).rejects.toThrow(
    `The report can't be written to ${taken}. Choose another folder with --report.`,
  );
});

test('writes each request as a line that can be read by programs', async () => {
  const { dueAt = 0, port } = play.samples[0] ?? {};
  await writeSamples(folder, withSample(dueAt, { version: null, failure: 'ECONNRESET', pod: 'web-1' }));
  const lines = gunzipSync(await readFile(path.join(folder, 'samples.ndjson.gz')))
    .toString()
    .trim()
    .split('\n');

  expect(lines).toHaveLength(360);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    dueAtMs: 1_000,
    sentAtMs: 1_001,
    endedAtMs: 1_002,
    kind: 'keep-alive',
    version: null,
    pod: 'web-1',
    port,
    failure: 'ECONNRESET',
  });
});
