import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run, runScript } from '../../../rehearsal/scratch/run.ts';
import { WrongUse } from '../../../rehearsal/wrong-use.ts';

const project = path.join(import.meta.dirname, '../../..');
const where = { directory: project, environment: process.env, signal: new AbortController().signal };

async function script(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'script-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'main.mjs');
  await writeFile(file, text);
  return file;
}

test('tells what an owner wrote wrong from what did not work', async () => {
  const wrong = await script("process.stderr.write('settings.ts: x.\\n'); process.exitCode = 2;");
  await expect(runScript(where, wrong)).rejects.toThrow(WrongUse);
  await expect(runScript(where, wrong)).rejects.toThrow(/^The last commit can't be rehearsed\. settings\.ts: x\.$/);
  const broken = await script("process.stderr.write('broken\\n'); process.exitCode = 3;");
  await expect(runScript(where, broken)).rejects.toThrow(/failed in .*: broken$/);
  await expect(runScript(where, broken)).rejects.not.toThrow(WrongUse);
});

test('says of a program that is not there that it is not installed', async () => {
  await expect(run(where, 'zerodrop-no-such-program')).rejects.toThrow('it is not installed, or not on PATH');
});
