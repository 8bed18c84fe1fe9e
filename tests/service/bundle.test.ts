import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { build, type BundleOptions, bundle } from '../../service/bundle.ts';
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

/** The program. Where it makes no difference, its part that reads the arguments is called instead. */
function buildByProgram(...args: readonly string[]) {
  const program = ['--import', 'tsx', 'service/build.ts', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('builds what it is told, and says so', () => {
  const out = join(directory, 'told.cjs');
  expect(
    buildByProgram('--version', '2.0.0-rc.1', '--revision', '0123abc', '--faults', '{"neverReady":true}', '--out', out),
  ).toEqual({
    status: 0,
    stdout: `${out}: version 2.0.0-rc.1, revision 0123abc\n`,
    stderr: '',
  });
  expect(existsSync(out)).toBe(true);
});

test("takes package.json's version and no revision for granted", async () => {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const out = join(directory, 'default.cjs');
  expect((await build(['--out', out])).stdout).toBe(`${out}: version ${version}, revision unknown\n`);
});

test.each([
  [['--faults', '{'], 'build: --faults is not JSON: {.'],
  [['--version', ''], 'build: --version is empty.'],
  [['--tag', 'x'], "build: Unknown option '--tag'"],
  [['1.4.0'], "build: Unexpected argument '1.4.0'"],
])('refuses %j, names the reason, and writes nothing', async (args, sentence) => {
  const out = join(directory, 'refused.cjs');
  const { exitCode, stdout, stderr } = await build([...args, '--out', out]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).toContain('Usage: npm run build -- ');
  expect(existsSync(out)).toBe(false);
});

test('tells wrong use from a build that could not be done', () => {
  const { status, stderr } = buildByProgram('--out', join(directory));
  expect(status).toBe(3);
  expect(stderr).not.toContain('Usage');
});
