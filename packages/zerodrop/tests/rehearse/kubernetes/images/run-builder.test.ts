import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runBuilder } from '../../../../src/rehearse/kubernetes/build.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Installs a builder that works for a while, and interrupts it as soon as it has begun. */
async function interrupt(name: 'docker' | 'buildah'): Promise<{ readonly failure: unknown; readonly said: string[] }> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\necho begun > ${folder}/log\nsleep 0.3\necho ended >> ${folder}/log\n`);
  await chmod(file, 0o755);
  const said: string[] = [];
  const interrupted = new AbortController();
  const where = {
    directory: folder,
    environment: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    say: (what: string) => void said.push(what),
    signal: interrupted.signal,
  };
  const running = runBuilder(where, name, 'build', '.').catch((error: unknown) => error);
  while ((await readFile(`${folder}/log`, 'utf8').catch(() => '')) === '') {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  interrupted.abort(new Error('interrupted by SIGINT'));
  return { failure: await running, said };
}

test('a builder that would leave something behind finishes, and a person is told', async () => {
  const { failure, said } = await interrupt('buildah');

  expect(failure).toMatchObject({ message: 'interrupted by SIGINT' });
  expect(said).toEqual(['interrupted: waiting for buildah build to finish']);
  expect(await readFile(`${folder}/log`, 'utf8')).toBe('begun\nended\n');
});

test('docker is stopped, because its daemon cleans up', async () => {
  const { failure, said } = await interrupt('docker');

  expect(failure).toMatchObject({ message: 'interrupted by SIGINT' });
  expect(said).toEqual([]);
  expect(await readFile(`${folder}/log`, 'utf8')).toBe('begun\n');
});
