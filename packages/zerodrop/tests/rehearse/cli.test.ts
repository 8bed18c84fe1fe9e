import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { rehearseFromCommandLine } from '../../src/rehearse/command.ts';
import { builtBy } from '../../src/rehearse/own-service.ts';

const image = { version: 'v1', revision: 'a'.repeat(40), startupMs: 20 };

test('a command builds in the clone, without a shell, with what is asked in the place of its words', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-build-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const build = builtBy('cp --no-target-directory {version};{startup-ms};{other} {out}');
  const clone = { directory, environment: process.env, signal: new AbortController().signal };

  await expect(build(image, path.join(directory, 'out'), clone)).rejects.toThrow("'v1;20;{other}'");
  await builtBy('git init --quiet {out}')(image, path.join(directory, 'made'), clone);
  expect(await readFile(path.join(directory, 'made', '.git', 'HEAD'), 'utf8')).toContain('refs/heads');
});

test('a command that does not say where it writes is wrong use', () => {
  expect(() => builtBy('node build.js')).toThrow(UsageError);
  expect(() => builtBy('  ')).toThrow('a command is expected that writes the file {out}');
});

test('an unknown option ends the command with its exit code', async () => {
  expect(await rehearseFromCommandLine(['--rate', 'fast'])).toBe(2);
});
