import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { publish } from '../../release/publish/publish.ts';
import { rollBack } from '../../release/rollback/rollback.ts';
import { imageRepository, project } from '../settings/sample.ts';
import { pushSource, type Remote, remoteOf, request, surroundings } from './remote.ts';
import { emptyRepository, type Repository } from './repository.ts';

const asked = { environment: 'staging', release: null, allowance: null };
const image = (tag: string): string => `${imageRepository}:${tag}@sha256:${'0'.repeat(64)}`;

/** Commits a release where its files were while there was one service: apps/images/staging.json and manifests/staging/. */
function releaseThere(clone: Repository, tag: string): void {
  clone.commit(`Change for ${tag}`);
  const pin = { image: image(tag), source: clone.head() };
  clone.write('apps/images/staging.json', formatPin(pin));
  for (const [path, text] of render(project, new Map([['staging/web', pin]]))) {
    if (path.startsWith('manifests/staging/web/')) clone.write(path.replace('/web/', '/'), text);
  }
  clone.commit(`Release ${tag}`);
}

/** A remote with two releases, whose files were moved since to where they are now. */
function movedSince(): { readonly origin: Remote; readonly clone: Repository } {
  const repository = emptyRepository();
  repository.write('README.md', 'A repository of former days.\n');
  releaseThere(repository, '1.0.0');
  releaseThere(repository, '2.0.0');
  const origin = remoteOf(repository);
  const clone = origin.clone();
  for (const file of ['web.yaml', 'namespace.yaml']) {
    clone.write(`manifests/staging/web/${file}`, clone.read(`manifests/staging/${file}`));
    clone.git('rm', '--quiet', `manifests/staging/${file}`);
  }
  clone.write(pinPath('staging/web'), clone.read('apps/images/staging.json'));
  clone.git('rm', '--quiet', 'apps/images/staging.json');
  clone.commit('Move the files of web into folders of its own');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  return { origin, clone };
}

test('a rollback finds the release before the move, and brings it to where the files are now', async () => {
  const { origin, clone } = movedSince();
  const ended = await rollBack({ ...asked, service: 'web' }, surroundings(clone));

  expect(ended).toMatchObject({ kind: 'rolled-back', release: { pin: { image: image('2.0.0') } } });
  expect(origin.git('ls-tree', '-r', '--name-only', 'main', 'apps', 'manifests').split('\n')).toEqual([
    'apps/images/staging/web.json',
    'manifests/staging/web/namespace.yaml',
    'manifests/staging/web/web.yaml',
  ]);
  expect(origin.git('show', 'main:apps/images/staging/web.json')).toContain(':1.0.0@');
  expect(origin.git('show', 'main:manifests/staging/web/web.yaml')).toContain(':1.0.0@');
});

test('a rollback restores it from the history where a revert meets a conflict and nothing renders', async () => {
  const { origin, clone } = movedSince();
  const file = 'manifests/staging/web/web.yaml';
  clone.write(file, clone.read(file).replace(':2.0.0@', ':2.0.0-edited@'));
  clone.commit('Edit by hand');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  await rollBack({ ...asked, service: 'web' }, surroundings(clone));

  expect(origin.git('show', `main:${file}`)).toContain(':1.0.0@');
  expect(origin.git('show', 'main:manifests/staging/web/namespace.yaml')).toContain('kind: Namespace');
});

test('what was rolled back before the move is not released again', async () => {
  const repository = emptyRepository();
  releaseThere(repository, '1.0.0');
  releaseThere(repository, '2.0.0');
  const second = repository.git('rev-parse', 'HEAD~1');
  repository.git('revert', '--no-edit', 'HEAD');
  for (const [path, text] of render(project, new Map())) repository.write(path, text);
  repository.write(pinPath('staging/web'), repository.read('apps/images/staging.json'));
  repository.git(
    'rm',
    '--quiet',
    '-r',
    'apps/images/staging.json',
    'manifests/staging/web.yaml',
    'manifests/staging/namespace.yaml',
  );
  repository.write('settings.ts', `export const settings = ${JSON.stringify(project.settings)};\n`);
  repository.write('apps/services/web.ts', "export default { kind: 'web', replicas: 3, exposure: 'load-balancer' };\n");
  repository.commit('Move the files');
  const clone = remoteOf(repository).clone();

  expect(await publish(request('2.0.0', second), surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
  const newer = pushSource(clone, 'Mend it');
  expect(await publish(request('3.0.0', newer), surroundings(clone))).toMatchObject({ kind: 'published' });
});
