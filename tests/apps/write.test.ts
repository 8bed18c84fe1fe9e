import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeRendered } from '../../apps/write.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('writes files into folders that are not there yet', async () => {
  const written = await writeRendered(directory, new Map([['manifests/production/web.yaml', 'a: 1\n']]));
  expect(written).toEqual({ files: 1, changed: ['manifests/production/web.yaml'] });
  await expect(readFile(join(directory, 'manifests/production/web.yaml'), 'utf8')).resolves.toBe('a: 1\n');
});

test('says what is new, differs and is gone, and nothing of the rest', async () => {
  await writeRendered(
    directory,
    new Map([
      ['argocd/same.yaml', '1'],
      ['argocd/differs.yaml', '1'],
      ['manifests/old/gone.yaml', '1'],
    ]),
  );
  const written = await writeRendered(
    directory,
    new Map([
      ['argocd/same.yaml', '1'],
      ['argocd/differs.yaml', '2'],
      ['manifests/new/web.yaml', '1'],
    ]),
  );
  expect(written.changed).toEqual(['argocd/differs.yaml', 'manifests/new/web.yaml', 'manifests/old/gone.yaml']);
});

test('leaves no file and no folder of before', async () => {
  await mkdir(join(directory, 'manifests/left/over'), { recursive: true });
  await writeFile(join(directory, 'manifests/left/over/notes.txt'), 'by hand');
  await writeRendered(directory, new Map([['argocd/project.yaml', '1']]));
  await expect(readdir(directory)).resolves.toEqual(['argocd']);
});

test('touches nothing outside the rendered folders', async () => {
  await mkdir(join(directory, 'apps'));
  await writeFile(join(directory, 'apps/web.ts'), 'kept');
  await writeRendered(directory, new Map());
  await expect(readFile(join(directory, 'apps/web.ts'), 'utf8')).resolves.toBe('kept');
});
