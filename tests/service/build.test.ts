import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'build-'));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
afterAll(() => rmSync(directory, { recursive: true }));

function build(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, 'service/build.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('builds what it is told, and says so', () => {
  const out = join(directory, 'told.cjs');
  expect(
    build('--version', '2.0.0-rc.1', '--revision', '0123abc', '--faults', '{"neverReady":true}', '--out', out),
  ).toEqual({
    status: 0,
    stdout: `${out}: version 2.0.0-rc.1, revision 0123abc\n`,
    stderr: '',
  });
  expect(existsSync(out)).toBe(true);
});

test("takes package.json's version and no revision for granted", () => {
  const out = join(directory, 'default.cjs');
  expect(build('--out', out).stdout).toBe(`${out}: version ${version}, revision unknown\n`);
});

test.each([
  [['--faults', '{'], 'build: --faults is not JSON: {.'],
  [['--version', ''], 'build: --version is empty.'],
  [['--tag', 'x'], "build: Unknown option '--tag'"],
  [['1.4.0'], "build: Unexpected argument '1.4.0'"],
])('refuses %j, names the reason, and writes nothing', (args, sentence) => {
  const out = join(directory, 'refused.cjs');
  const { status, stdout, stderr } = build(...args, '--out', out);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).toContain('Usage: npm run build -- ');
  expect(existsSync(out)).toBe(false);
});

test('tells wrong use from a build that could not be done', () => {
  const { status, stderr } = build('--out', join(directory));
  expect(status).toBe(3);
  expect(stderr).not.toContain('Usage');
});
