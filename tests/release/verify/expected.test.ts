import { expect, test } from 'vitest';
import { imageOf } from 'zerodrop/tests/verify/sample.ts';
import { publishHere } from '../../../release/publish/publish.ts';
import { readTarget } from '../../../release/verify/go-back.ts';
import { imageRepository } from '../../settings/sample.ts';
import { request, surroundings } from '../remote.ts';
import { emptyRepository, renderedRepository } from '../repository.ts';

test('reads what a commit is to bring, and that there is nothing before the first release', async () => {
  const repository = renderedRepository();
  const { directory } = repository;
  expect(await readTarget(directory, 'staging/web', 'HEAD')).toBeNull();
  const image = { repository: imageRepository, tag: '1.2.3', digest: `sha256:${'0'.repeat(64)}` };
  const source = repository.head();
  await publishHere(request('1.2.3', source), surroundings(repository));
  const pinned = `${imageRepository}:1.2.3@${image.digest}`;
  const commit = repository.head();
  expect(await readTarget(directory, 'staging/web', commit)).toEqual({
    commit,
    image: pinned,
    version: { tag: '1.2.3', source },
    manifests: repository.git('rev-parse', 'HEAD:manifests/staging/web'),
    // 120 s for the next pod, 30 s for the last old one to end, and a minute.
    patienceMs: 210_000,
    slowestMs: expect.any(Number),
    forecastMs: [expect.any(Number), expect.any(Number)],
    picture: expect.any(Array),
  });
  expect(await readTarget(directory, 'staging/web', 'HEAD^')).toBeNull();
});

/** An object whose template runs this image, in the fields that tell one from another. */
function workload(apiVersion: string, kind: string, name: string, image: string | null, spec: object = {}): string {
  const containers = image === null ? [] : [{ name, image }];
  return JSON.stringify({
    apiVersion,
    kind,
    metadata: { name },
    spec: { ...spec, template: { spec: { containers } } },
  });
}

const others = [
  workload('apps/v1', 'Deployment', 'worker', imageOf('0.0.1')),
  workload('apps/v1', 'StatefulSet', 'web', imageOf('0.0.2')),
  workload('example.com/v1', 'Deployment', 'web', imageOf('0.0.3')),
];

test("takes the service's own Deployment, whatever else is beside it, and without a pin where there is none", async () => {
  const repository = emptyRepository();
  const own = workload('apps/v1', 'Deployment', 'web', imageOf('1.2.4'), { progressDeadlineSeconds: 3_600 });
  repository.write('manifests/staging/web/web.yaml', [...others, own].join('\n---\n'));
  repository.commit('Begin');
  const longest = 15 * 60_000;
  expect(await readTarget(repository.directory, 'staging/web', 'HEAD')).toMatchObject({
    image: imageOf('1.2.4'),
    version: null,
    patienceMs: longest,
  });
});

test.each([
  ['other objects', others],
  ['a Deployment without a container', [workload('apps/v1', 'Deployment', 'web', null)]],
])('expects nothing of %s', async (_what, documents) => {
  const repository = emptyRepository();
  repository.write('manifests/staging/web/web.yaml', documents.join('\n---\n'));
  repository.commit('Begin');
  expect(await readTarget(repository.directory, 'staging/web', 'HEAD')).toBeNull();
});
