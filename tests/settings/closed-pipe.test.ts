import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const project = path.join(import.meta.dirname, '../..');
const shared = pathToFileURL(path.join(import.meta.dirname, '../../packages/zerodrop/src/errors.ts')).href;

/** Runs a program whose standard output is closed before it writes. */
async function withoutReader(text: string): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pipe-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'main.mts');
  await writeFile(file, text);
  return runWithoutReader(file);
}

async function runWithoutReader(
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const child = spawn(
    process.execPath,
    ['--conditions=zerodrop-source', '--import', import.meta.resolve('tsx'), ...args],
    { cwd: project },
  );
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const [code] = await once(child, 'close');
  return { code, stderr };
}

test('finishes what it is at, without a word, and ends as SIGPIPE would', async () => {
  const text = `
    import { setTimeout as pause } from 'node:timers/promises';
    import { endQuietlyWithoutReader } from '${shared}';
    endQuietlyWithoutReader();
    await pause(100);
    process.stdout.write('one\\n');
    process.stdout.write('two\\n');
    await pause(100);
    process.stdout.write('three\\n');
    process.stderr.write('tidied up');
    process.exitCode = 0;`;
  await expect(withoutReader(text)).resolves.toEqual({ code: 141, stderr: 'tidied up' });
});

test('tells the program, once', async () => {
  const text = `
    import { setTimeout as pause } from 'node:timers/promises';
    import { endQuietlyWithoutReader } from '${shared}';
    endQuietlyWithoutReader(() => process.stderr.write('left '));
    await pause(100);
    for (const part of ['one', 'two']) { process.stdout.write(part); await pause(50); }`;
  await expect(withoutReader(text)).resolves.toEqual({ code: 141, stderr: 'left ' });
});

test.concurrent.each(['release/main.ts', 'pipeline/main.ts', 'release/rehearse.ts'])(
  'is so for %s',
  async (program) => {
    await expect(runWithoutReader(program, '--help')).resolves.toEqual({ code: 141, stderr: '' });
  },
);
