import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PodProcess, startBundle } from '../../../../src/rehearse/embedded/pods/process.ts';
import { bundlePrograms } from '../../../../src/rehearse/embedded/programs.ts';

let folder: string;
let programs: string;

beforeAll(async () => {
  programs = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  await bundlePrograms(programs);
});

afterAll(() => rmSync(programs, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(source: string): PodProcess {
  const bundle = path.join(folder, 'bundle.cjs');
  writeFileSync(bundle, source);
  return startBundle({
    directory: folder,
    bundle,
    arguments: ['one'],
    environment: { GREETING: 'hello' },
    runner: path.join(programs, 'runner.cjs'),
    log: path.join(folder, 'pod.log'),
  });
}

test('gives a pod its own environment and arguments, and keeps what it says', async () => {
  const pod = start('console.log(process.argv[2], process.env.GREETING, process.env.PATH); process.exitCode = 3;');
  expect(await pod.exited).toBe(3);
  expect(readFileSync(path.join(folder, 'pod.log'), 'utf8')).toBe('one hello undefined\n');
});

test('does not keep a pod alive that has nothing left to do', async () => {
  expect(await start('setTimeout(() => undefined, 10)').exited).toBe(0);
});

test('tells the exit code of a container that a signal ended', async () => {
  const killed = start('setInterval(() => undefined, 1000)');
  killed.signal('SIGKILL');
  expect(await killed.exited).toBe(137);
});

test('lets a pod end itself on SIGTERM', async () => {
  const pod = start(`
    const { writeFileSync } = require('node:fs');
    process.on('SIGTERM', () => process.exit(7));
    setInterval(() => undefined, 1000);
    writeFileSync(${JSON.stringify(path.join(folder, 'up'))}, '');
  `);
  await expect.poll(() => readUp(folder)).toBe(true);
  pod.signal('SIGTERM');
  expect(await pod.exited).toBe(7);
});

function readUp(where: string): boolean {
  try {
    readFileSync(path.join(where, 'up'));
    return true;
  } catch {
    return false;
  }
}
