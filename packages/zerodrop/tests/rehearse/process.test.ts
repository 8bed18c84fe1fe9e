import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ProgramError } from '../../src/errors.ts';
import { run } from '../../src/rehearse/process.ts';

const project = path.join(import.meta.dirname, '../../..');
const where = { directory: project, environment: process.env, signal: new AbortController().signal };

async function script(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'script-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'main.mjs');
  await writeFile(file, text);
  return file;
}

test('says how a program ended, and quotes it', async () => {
  const file = await script("process.stderr.write('settings.ts: x.\\n'); process.exitCode = 2;");
  const failure = run(where, process.execPath, file);
  await expect(failure).rejects.toThrow(ProgramError);
  await expect(failure).rejects.toMatchObject({ code: 2, said: 'settings.ts: x.' });
  await expect(failure).rejects.toThrow(/failed in .*: settings\.ts: x\.$/);
});

test('says of a program that is not there that it is not installed', async () => {
  await expect(run(where, 'zerodrop-no-such-program')).rejects.toThrow('it is not installed, or not on PATH');
});
