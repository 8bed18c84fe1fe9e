import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BundleOptions, bundle } from '../../service/bundle.ts';
import { killAll, run } from './child.ts';
import { ask } from './request.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterEach(killAll);
afterAll(() => rm(directory, { recursive: true }));

async function bytes(name: string, options: Omit<BundleOptions, 'outFile'>): Promise<Buffer> {
  const outFile = join(directory, name, 'service.cjs');
  await bundle({ ...options, outFile });
  return readFile(outFile);
}

test('makes the same bytes of the same options, wherever they go', async () => {
  const first = await bytes('first', { version: '1.4.0', revision: 'unknown', faults: {} });
  const again = await bytes('again', { version: '1.4.0', revision: 'unknown' });
  const other = await bytes('other', { version: '1.4.1', revision: 'unknown' });
  expect(first.equals(again)).toBe(true);
  expect(first.equals(other)).toBe(false);
  expect(first.includes(directory)).toBe(false);
  expect(first.includes(process.cwd())).toBe(false);
});

test('does not mind the order in which faults are named', async () => {
  const identity = { version: '1.4.0', revision: 'unknown' };
  const one = await bytes('one', { ...identity, faults: { neverReady: true, failureRate: 1 } });
  const two = await bytes('two', { ...identity, faults: { failureRate: 1, neverReady: true } });
  expect(one.equals(two)).toBe(true);
});

test('bakes faults that are on by themselves', async () => {
  const outFile = join(directory, 'faulty.cjs');
  await bundle({ version: '1.4.0', revision: 'unknown', faults: { neverReady: true }, outFile });
  const port = await run(outFile).managementPort();
  expect((await ask(port, '/readyz')).status).toBe(503);
  expect((await ask(port, '/livez')).status).toBe(200);
});

test.each(['', 'a b', 'v1\r\nx: y', 'x'.repeat(129)])('refuses the version %o', async (version) => {
  await expect(bundle({ version, revision: 'unknown', outFile: join(directory, 'never.cjs') })).rejects.toThrow(
    `The version is "${version}", but it must be 1 to 128 letters`,
  );
});

test.each(['', 'main', 'HEAD', 'abc', '0123ABC'])('refuses the revision %o', async (revision) => {
  await expect(bundle({ version: '1.4.0', revision, outFile: join(directory, 'never.cjs') })).rejects.toThrow(
    `The revision is "${revision}", but it must be a commit in hex. Leave it out if there is none.`,
  );
});
