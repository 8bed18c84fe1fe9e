import { expect, test } from 'vitest';
import { crossProblems, leftFromExample } from '../../settings/cross-checks.ts';
import type { GoogleSettings } from '../../settings/google.ts';
import type { Settings } from '../../settings/settings.ts';
import { imageRepository, settings } from './sample.ts';

const region = 'europe-west1';

function owned(image: string, google: GoogleSettings, repository = 'https://github.com/acme/shop'): Settings {
  return { ...settings, repository, services: [{ name: 'web', image }], clusters: [{ name: 'main', google }] };
}

const github = { ownerId: '4711', repositoryId: '815' };
const ownImage = 'europe-docker.pkg.dev/acme-1/zerodrop/web';
const ownGoogle = { project: 'acme-1', region, github };
const exampleGoogle = { project: 'example-project', region, github: { ownerId: '1', repositoryId: '2' } };

test('takes settings that are all of the example, or all of the owner', () => {
  for (const right of [
    owned(imageRepository, exampleGoogle, settings.repository),
    owned(ownImage, ownGoogle),
    owned(ownImage, { project: 'acme-1', region }),
    owned('ghcr.io/acme/shop', ownGoogle, 'git@github.com:acme/zerodrop'),
  ]) {
    expect(leftFromExample(right)).toEqual([]);
  }
});

test.each<readonly [string, Settings]>([
  ['repository', owned(ownImage, ownGoogle, settings.repository)],
  ['repository', owned(ownImage, ownGoogle, 'git@github.com:example/zerodrop.git')],
  ['services.web.image', owned(imageRepository, ownGoogle)],
  ['services.web.image', owned('ghcr.io/example/web', ownGoogle)],
  ['clusters.main.google.project', owned(ownImage, { ...ownGoogle, project: 'example-project' })],
  ['clusters.main.google.github.ownerId', owned(ownImage, { ...ownGoogle, github: { ...github, ownerId: '1' } })],
  [
    'clusters.main.google.github.repositoryId',
    owned(ownImage, { ...ownGoogle, github: { ...github, repositoryId: '2' } }),
  ],
])('names %s when it alone is still that of the example', (path, half) => {
  const [sentence, ...more] = leftFromExample(half);
  expect(more).toEqual([]);
  expect(sentence).toMatch(new RegExp(`^${path} is still '.*', the example's, but .* is yours \\('.*'\\)\\. .*\\.$`));
});

test('names all that is left when one value alone is the owner’s', () => {
  const first = leftFromExample(owned(imageRepository, exampleGoogle));
  expect(first.map((sentence) => sentence.split(' ')[0])).toEqual([
    'services.web.image',
    'clusters.main.google.project',
    'clusters.main.google.github.ownerId',
    'clusters.main.google.github.repositoryId',
  ]);
});

test.each([
  ['enforce', 'https://git.example.com/acme/shop', 1],
  ['warn', 'file:///srv/git/shop', 1],
  ['off', 'https://git.example.com/acme/shop', 0],
  ['enforce', 'git@github.com:acme/shop.git', 0],
] as const)('a cluster asks for no signatures that nobody makes: %s of %s', (admission, repository, problems) => {
  const path = ['clusters', 0, 'google', 'admission'];
  const message = ', but repository is not at GitHub, so no workflow there signs images. Leave it out.';
  expect([...crossProblems(owned(ownImage, { ...ownGoogle, admission }, repository))]).toEqual(
    Array.from({ length: problems }, () => ({ path, message })),
  );
});

test.each([
  [
    [{ name: 'staging' }, { name: 'live', after: 'satging' }],
    ', but there is no such environment. Did you mean staging? Use one of staging, live, or leave it out.',
  ],
  // A list that names one twice is told that by its own check.
  [
    [{ name: 'staging' }, { name: 'staging' }, { name: 'live', after: 'moon' }],
    ', but there is no such environment. Use one of staging, live, or leave it out.',
  ],
  [[{ name: 'a', cluster: 'east' }], ', but there is no such cluster. Use one of main.'],
  [[{ name: 'a', cluster: 'mian' }], ', but there is no such cluster. Did you mean main? Use one of main.'],
])('names what is near, and each name once: %j', (environments, message) => {
  expect([...crossProblems({ ...settings, environments })]).toEqual([{ path: expect.anything(), message }]);
});
