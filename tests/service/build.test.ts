import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { build } from '../../service/build-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'build-'));
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
afterAll(() => rmSync(directory, { recursive: true }));

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
