import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import { filesAt } from 'zerodrop/files';
import { flawsOf, guardCommand } from 'zerodrop/guard';
import { pinPath } from '../../apps/pins.ts';
import { draftPromotion } from '../../release/promote/promotion.ts';
import { publish } from '../../release/publish/publish.ts';
import type { Render } from '../../release/publish/render.ts';
import { preview } from '../../release/pull-request/offer.ts';
import { rollBack } from '../../release/rollback/rollback.ts';
import { SettingsError } from '../../settings/sentences.ts';
import { pushSource, remoteWith, request, surroundings, noReceipts } from './remote.ts';
import type { Repository } from './repository.ts';

const binary = Buffer.from([0x00, 0x62, 0xff, 0xfe, 0xe9, 0xe9, 0x80]);

/** Breaks what there is of an environment in every way at once, commits and pushes it. Returns the paths of what nobody can read. */
function breakFiles({ directory, write, git }: Repository, environment: string): readonly string[] {
  const folder = `manifests/${environment}/web`;
  const put = (path: string, bytes: Buffer): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), bytes);
  };
  write(`${folder}/web.yaml`, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: *nope\n');
  put(`${folder}/binary.yaml`, binary);
  put(`${folder}/.DS_Store`, binary);
  put('apps/images/.DS_Store', binary);
  write(`${folder}/odd\n"é".yaml`, 'a: !unknown 1\n');
  write(`${folder}/WEB.yaml`, 'a: [1\n');
  write(`${folder}/lfs.yaml`, 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n');
  write('.gitattributes', `${folder}/* filter=git-crypt\n${folder}/lfs.yaml filter=lfs -text\n`);
  symlinkSync('../../../outside', join(directory, folder, 'link.yaml'));
  symlinkSync('namespace.yaml', join(directory, folder, 'inside.yaml'));
  rmSync(join(directory, pinPath(`${environment}/web`)));
  symlinkSync(`elsewhere.json`, join(directory, pinPath(`${environment}/web`)));
  write(`argocd/web-${environment}.yaml`, 'spec: [1\n');
  git('add', '--all');
  git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},${folder}/vendor`);
  git('commit', '--quiet', '--message=Break it');
  git('push', '--quiet', 'origin', 'HEAD:main');
  git('config', 'filter.lfs.smudge', 'false');
  git('config', 'filter.lfs.required', 'true');
  // Git asks the filter again where a file looks touched.
  utimesSync(join(directory, folder, 'lfs.yaml'), 0, 0);
  const broken = [
    'web.yaml',
    'binary.yaml',
    'odd\n"é".yaml',
    'WEB.yaml',
    'lfs.yaml',
    'link.yaml',
    'inside.yaml',
    'vendor',
  ];
  return [...broken.map((name) => `${folder}/${name}`), `argocd/web-${environment}.yaml`];
}

async function flawed({ directory, git }: Repository, ...under: readonly string[]): Promise<readonly string[]> {
  git('fetch', '--quiet', 'origin');
  return [...flawsOf(await filesAt(directory, 'origin/main', ...under)).keys()];
}

async function released() {
  const both = ['staging', 'production'].flatMap((environment) =>
    ['1.0.0', '2.0.0'].map((tag) => [tag, environment] as const),
  );
  const { remote } = await remoteWith(...both);
  return { remote, clone: remote.clone() };
}

test('what is broken in staging is named, and holds up nothing of production', async () => {
  const { remote, clone } = await released();
  const before = clone.head();
  const broken = breakFiles(clone, 'staging');
  expect((await flawed(clone, 'manifests', 'argocd')).toSorted()).toEqual(broken.toSorted());
  const { stdout } = await guardCommand([
    '--base',
    before,
    '--directory',
    clone.directory,
    '--profile',
    'lossless',
    '--format',
    'json',
    'manifests',
    'argocd',
  ]);
  const { refused } = JSON.parse(stdout) as { refused: readonly { readonly path: string }[] };
  const named = refused.map(({ path }) => path);
  expect(new Set(named)).toEqual(new Set(broken));

  const where = surroundings(clone);
  const production = { environment: 'production', release: null, allowance: null };
  expect(await rollBack(production, where)).toMatchObject({ kind: 'rolled-back', refusals: [] });
  expect(remote.git('show', `main:${pinPath('production/web')}`)).toContain(':1.0.0@');
  const source = pushSourceOn(clone, 'Mend');
  const asked = request('3.0.0', source, { environment: 'production' });
  expect(await publish(asked, where)).toMatchObject({ kind: 'published' });
  expect(remote.git('diff', '--name-only', 'main~1', 'main').split('\n')).toEqual([
    pinPath('production/web'),
    'manifests/production/web/web.yaml',
  ]);
  const promotion = { from: 'production', to: 'staging', commit: null, again: false, allowance: null, ...noReceipts };
  expect(await preview(draftPromotion.bind(null, promotion, where), where)).toMatchObject({ kind: 'draft' });

  // A release of staging itself replaces all of it.
  expect(await publish(request('3.0.0', source), where)).toMatchObject({ kind: 'published' });
  expect(await flawed(clone, 'manifests')).toEqual([]);
  expect(remote.git('ls-tree', 'main', pinPath('staging/web'))).toMatch(/^100644 blob /);
});

test('a rollback of what is broken itself brings a folder that Argo CD reads', async () => {
  const { remote, clone } = await released();
  breakFiles(clone, 'staging');
  const staging = { environment: 'staging', release: null, allowance: null };
  expect(await rollBack(staging, surroundings(clone))).toMatchObject({ kind: 'rolled-back', refusals: [] });
  expect(await flawed(clone, 'manifests')).toEqual([]);
  expect(remote.git('show', `main:${pinPath('staging/web')}`)).toContain(':1.0.0@');
  expect(remote.git('show', 'main:manifests/staging/web/web.yaml')).toContain(':1.0.0@');
});

test.each([
  new OperationError('The newest main can not be rendered.'),
  // What a wrong settings.ts on main comes to.
  new UsageError('The newest main can not be rendered: settings.ts: environments.staging.replicas is 0.'),
  new SettingsError(['environments.staging.replicas is 0.']),
])('where main does not render either, what ran before comes back as it was: %s', async (error) => {
  const renderingNothing: Render = async () => {
    throw error;
  };
  const { remote, clone } = await released();
  breakFiles(clone, 'staging');
  const staging = { environment: 'staging', release: null, allowance: null };
  const ended = await rollBack(staging, surroundings(clone, { render: renderingNothing }));
  if (ended.kind !== 'rolled-back') throw new Error(`It ended ${ended.kind}.`);
  const former = (commit: string): string =>
    remote.git('ls-tree', '-r', commit, '--', 'manifests/staging/web', pinPath('staging/web'));
  expect(former('main')).toBe(former(ended.target.commit));
});

test.each(['manifests', 'apps/images'])(
  '%s as a link is replaced, and nothing is written to where it leads',
  async (folder) => {
    const { remote, clone } = await released();
    const outside = join(dirname(clone.directory), 'outside');
    rmSync(join(clone.directory, folder), { recursive: true });
    symlinkSync('../outside', join(clone.directory, folder));
    const source = pushSource(clone, 'Link it');
    const asked = request('3.0.0', source);
    expect(await publish(asked, surroundings(clone))).toMatchObject({ kind: 'published' });
    expect(remote.git('show', `main:${pinPath('staging/web')}`)).toContain(':3.0.0@');
    expect(() => rmSync(outside)).toThrow('ENOENT');
  },
);

test.each(['manifests', 'apps/images'])('%s as a submodule is replaced', async (folder) => {
  const { remote, clone } = await released();
  clone.git('rm', '-r', '--quiet', folder);
  clone.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},${folder}`);
  clone.git('commit', '--quiet', '--message=Break it');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  const asked = request('3.0.0', pushSourceOn(clone, 'Mend'));
  expect(await publish(asked, surroundings(clone))).toMatchObject({ kind: 'published' });
  expect(remote.git('show', 'main:manifests/staging/web/web.yaml')).toContain(':3.0.0@');
});

test.each(['link', 'submodule'])("a %s in the place of Argo CD's object holds up no release", async (what) => {
  const { remote, clone } = await released();
  const path = 'argocd/web-staging.yaml';
  clone.git('rm', '--quiet', path);
  if (what === 'link') symlinkSync('production.yaml', join(clone.directory, path));
  if (what === 'link') clone.git('add', path);
  if (what === 'submodule') clone.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},${path}`);
  clone.git('commit', '--quiet', '--message=Break it');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  const asked = request('3.0.0', pushSourceOn(clone, 'Mend'));
  expect(await publish(asked, surroundings(clone))).toMatchObject({ kind: 'published' });
  expect(remote.git('diff', '--name-only', 'main~1', 'main', '--', 'argocd')).toBe('');
});

test('what a .gitignore names is released all the same', async () => {
  const { remote, clone } = await released();
  clone.write('.gitignore', 'manifests/\n*.json\n');
  const asked = request('3.0.0', pushSource(clone, 'Ignore it'));
  expect(await publish(asked, surroundings(clone))).toMatchObject({ kind: 'published' });
  expect(remote.git('show', 'main:manifests/staging/web/web.yaml')).toContain(':3.0.0@');
});

/** As pushSource, in a clone whose files can't be checked out. */
function pushSourceOn({ git }: Repository, subject: string): string {
  git('fetch', '--quiet', 'origin');
  const source = git('commit-tree', '-p', 'origin/main', '-m', subject, 'origin/main^{tree}');
  git('push', '--quiet', 'origin', `${source}:refs/heads/main`);
  return source;
}
