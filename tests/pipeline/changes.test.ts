import { expect, test } from 'vitest';
import { changesSince } from '../../pipeline/changes.ts';
import type { Settings } from '../../settings/settings.ts';
import { emptyRepository } from '../release/repository.ts';
import { larger } from '../settings/sample.ts';

const settings: Settings = {
  ...larger,
  services: larger.services.map((one) => (one.name === 'api' ? { ...one, build: { context: 'api' } } : one)),
};
const webBuild = { service: 'web', context: '.', dockerfile: 'Dockerfile' };
const apiBuild = { service: 'api', context: 'api', dockerfile: 'api/Dockerfile' };

/** What changed by a commit of these files, after one before it. */
async function changed(...files: readonly string[]) {
  const repository = emptyRepository();
  repository.commit('Before');
  const before = repository.head();
  for (const file of files) repository.write(file, 'changed\n');
  repository.commit('After');
  return changesSince(repository.directory, before, settings);
}

test.each([
  [['service/main.ts'], [webBuild]],
  [['package-lock.json', 'docs/a.md'], [webBuild]],
  [['api/cmd/main.go'], [apiBuild]],
  [
    ['api/Dockerfile', 'Dockerfile'],
    [webBuild, apiBuild],
  ],
  [['settings.ts'], [webBuild, apiBuild]],
  [['apis/main.go', 'docs/service/main.ts', 'apps/images/staging/web.json', 'manifests/staging/api/api.yaml'], []],
])('a change of %j makes other images of %j', async (files, expected) => {
  expect((await changed(...files)).services).toEqual(expected);
});

test('a target changed where its manifests did, and was released where its pin did too', async () => {
  const { targets } = await changed(
    'manifests/production/web/web.yaml',
    'manifests/preview/api/api.yaml',
    'apps/images/preview/api.json',
    'apps/images/staging/web.json',
  );
  expect(targets).toEqual([
    { service: 'api', environment: 'preview', released: true },
    { service: 'web', environment: 'production', released: false },
  ]);
});

test('each target that changed is rehearsed, and a service of another image alone where it is released first', async () => {
  const { rehearsals } = await changed('api/main.go', 'service/main.ts', 'manifests/production/web/web.yaml');

  expect(rehearsals).toEqual([
    { service: 'web', environment: 'production' },
    { service: 'api', environment: larger.environments.find(({ after }) => after === undefined)?.name },
  ]);
  expect((await changed('docs/a.md')).rehearsals).toEqual([]);
});

test('a target whose name only begins like another one is not the other', async () => {
  const { targets } = await changed('manifests/staging/web-2/web.yaml', 'manifests/staging-2/web/web.yaml');
  expect(targets).toEqual([]);
});

test('a push of several commits has changed what any of them has', async () => {
  const repository = emptyRepository();
  repository.commit('Before');
  const before = repository.head();
  repository.write('manifests/staging/web/web.yaml', 'kind: Deployment\n');
  repository.commit('First');
  repository.commit('Second');
  const { targets } = await changesSince(repository.directory, before, settings);
  expect(targets).toEqual([{ service: 'web', environment: 'staging', released: false }]);
});

test('everything counts as changed where the commit before is not there', async () => {
  const repository = emptyRepository();
  repository.commit('First');
  const { services, targets } = await changesSince(repository.directory, '0'.repeat(40), settings);
  expect(services).toEqual([webBuild, apiBuild]);
  expect(targets).toHaveLength(6);
  expect(targets.every(({ released }) => released)).toBe(true);
});
