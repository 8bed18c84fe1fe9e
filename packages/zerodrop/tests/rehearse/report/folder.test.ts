import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { makeReportFolder } from '../../../src/rehearse/report/write.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('a folder is made with those above it, and taken as it is from then on', async () => {
  const report = path.join(folder, 'reports', 'latest');

  await makeReportFolder(report);
  await makeReportFolder(report);

  expect((await stat(report)).isDirectory()).toBe(true);
});

test('a place that can be no folder is told before anything is played', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');

  await expect(makeReportFolder(file)).rejects.toThrow(UsageError);
  await expect(makeReportFolder(path.join(file, 'report'))).rejects.toThrow(
    /--report is .+, which is no folder and can't be made one \((?:ENOTDIR|EEXIST)\)\. Choose another\./,
  );
});

test('a file system that makes no folders is no reason to try for ever', async () => {
  await expect(makeReportFolder('/proc/zerodrop/report')).rejects.toThrow(UsageError);
});
