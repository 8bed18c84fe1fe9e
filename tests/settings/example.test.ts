import { expect, test } from 'vitest';
import { leftFromExample } from '../../settings/example.ts';
import type { Settings } from '../../settings/settings.ts';
import { settings } from './sample.ts';

const example: Settings = {
  ...settings,
  google: { ...settings.google, github: { ownerId: '1', repositoryId: '2' } },
};
const own: Settings = {
  ...settings,
  repository: 'https://github.com/acme/shop',
  image: 'europe-docker.pkg.dev/acme-1/zerodrop/web',
  google: { ...settings.google, project: 'acme-1', github: { ownerId: '4711', repositoryId: '815' } },
};

test('takes settings that are all of the example, or all of the owner', () => {
  expect(leftFromExample(example)).toEqual([]);
  expect(leftFromExample(own)).toEqual([]);
  expect(leftFromExample({ ...own, google: { ...settings.google, project: 'acme-1' } })).toEqual([]);
  expect(leftFromExample({ ...own, image: 'ghcr.io/acme/shop', repository: 'git@github.com:acme/zerodrop' })).toEqual(
    [],
  );
});

test.each<readonly [string, Settings]>([
  ['repository', { ...own, repository: example.repository }],
  ['repository', { ...own, repository: 'git@github.com:example/zerodrop.git' }],
  ['image', { ...own, image: example.image }],
  ['image', { ...own, image: 'ghcr.io/example/web' }],
  ['google.project', { ...own, google: { ...own.google, project: example.google.project } }],
  ['google.github.ownerId', { ...own, google: { ...own.google, github: { ownerId: '1', repositoryId: '815' } } }],
  ['google.github.repositoryId', { ...own, google: { ...own.google, github: { ownerId: '4711', repositoryId: '2' } } }],
])('names %s when it alone is still that of the example', (path, half) => {
  const [sentence, ...more] = leftFromExample(half);
  expect(more).toEqual([]);
  expect(sentence).toMatch(new RegExp(`^${path} is still '.*', the example's, but .* is yours \\('.*'\\)\\. .*\\.$`));
});

test('names all that is left when one value alone is the owner’s', () => {
  const first = leftFromExample({ ...example, repository: own.repository });
  expect(first.map((sentence) => sentence.split(' ')[0])).toEqual([
    'image',
    'google.project',
    'google.github.ownerId',
    'google.github.repositoryId',
  ]);
});
