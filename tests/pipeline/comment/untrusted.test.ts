import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readUntrusted } from '../../../pipeline/comment/untrusted.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-untrusted-'));
  file = path.join(directory, 'platform.txt');
});

afterEach(() => rm(directory, { recursive: true }));

test('reads a plain file', async () => {
  await writeFile(file, 'No changes.');

  expect(await readUntrusted(file)).toBe('No changes.');
});

test.each<readonly [string, () => Promise<void> | void]>([
  ['a link to what this job knows', () => symlink('/proc/self/environ', file)],
  ['a folder', () => mkdir(file).then(() => undefined)],
  ['a file that is not there', () => undefined],
])('refuses %s', async (_, make) => {
  await make();

  await expect(readUntrusted(file)).rejects.toThrow('no plain file');
});

test('refuses a file that is no plan by its length', async () => {
  await writeFile(file, '');
  await truncate(file, 4 * 1024 * 1024 + 1);

  await expect(readUntrusted(file)).rejects.toThrow('and no plan has more than 4194304');
});

test('refuses a device', async () => {
  await expect(readUntrusted('/dev/zero')).rejects.toThrow('no plain file');
});
