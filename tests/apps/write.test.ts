import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeRendered, writeTarget } from '../../apps/write.ts';
import { requireTarget } from '../../release/publish/render.ts';
import { project } from '../settings/sample.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('writes files into folders that are not there yet', async () => {
  const written = await writeRendered(directory, new Map([['manifests/production/web/web.yaml', 'a: 1\n']]));
  expect(written).toEqual({ files: 1, changed: ['manifests/production/web/web.yaml'] });
  await expect(readFile(join(directory, 'manifests/production/web/web.yaml'), 'utf8')).resolves.toBe('a: 1\n');
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
  await writeRendered(directory, new Map([['argocd/web.project.yaml', '1']]));
  await expect(readdir(directory)).resolves.toEqual(['argocd']);
});

test('touches nothing outside the rendered folders', async () => {
  await mkdir(join(directory, 'apps'));
  await writeFile(join(directory, 'apps/web.ts'), 'kept');
  await writeRendered(directory, new Map());
  await expect(readFile(join(directory, 'apps/web.ts'), 'utf8')).resolves.toBe('kept');
});

const paths = ['manifests/staging/web/web.yaml', 'argocd/web-staging.yaml', 'argocd/web.project.yaml'];
const files = new Map(paths.map((path) => [path, 'rendered']));

test.each(['manifests', 'manifests/staging/web', 'manifests/staging/web/web.yaml', 'argocd', ...paths.slice(1)])(
  '%s as a link or a folder is replaced, and what a link leads to stays',
  async (place) => {
    const outside = join(directory, 'outside');
    const kept = ['web.yaml', 'staging.yaml', 'project.yaml', 'staging/web.yaml', 'self'];
    const lead = place.endsWith('.yaml') ? join(outside, 'self') : outside;
    for (const make of [
      (at: string) => symlink(lead, at),
      (at: string) => mkdir(join(at, 'sub'), { recursive: true }),
    ]) {
      for (const path of kept) {
        await mkdir(dirname(join(outside, path)), { recursive: true });
        await writeFile(join(outside, path), 'kept');
      }
      await rm(join(directory, place), { recursive: true, force: true });
      await mkdir(dirname(join(directory, place)), { recursive: true });
      await make(join(directory, place));
      await writeTarget(directory, files, requireTarget({ environment: 'staging' }, project));
      for (const path of paths) {
        expect((await lstat(join(directory, path))).isFile()).toBe(true);
        await expect(readFile(join(directory, path), 'utf8')).resolves.toBe('rendered');
      }
      for (const path of kept) await expect(readFile(join(outside, path), 'utf8')).resolves.toBe('kept');
    }
  },
);
