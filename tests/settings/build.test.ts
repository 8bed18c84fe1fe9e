import { expect, test } from 'vitest';
import { buildOf } from '../../settings/build.ts';
import { assertSettings } from '../../settings/define.ts';
import { settings } from './sample.ts';

const [service] = settings.services;

/** The sentences about the sample's service with this build. */
function problems(build: unknown): readonly string[] {
  try {
    assertSettings({ ...settings, services: [{ ...service, build }] });
    return [];
  } catch (error) {
    return String(Object(error).message).split('\n');
  }
}

test('is what the Dockerfile at the root copies, unless said', () => {
  expect(buildOf({})).toEqual({
    context: '.',
    dockerfile: 'Dockerfile',
    paths: ['.dockerignore', '.npmrc', 'Dockerfile', 'package-lock.json', 'package.json', 'service'],
  });
});

test('is all of a context of its own', () => {
  expect(buildOf({ build: { context: './api/' } })).toEqual({
    context: 'api',
    dockerfile: 'api/Dockerfile',
    paths: ['api', 'api/Dockerfile'],
  });
});

test('is always the Dockerfile as well', () => {
  const build = { context: '.', dockerfile: 'docker/api.Dockerfile', paths: ['go.mod', 'api/'] };
  expect(buildOf({ build }).paths).toEqual(['api', 'docker/api.Dockerfile', 'go.mod']);
});

test.each([
  [{}],
  [{ context: '.' }],
  [{ context: 'services/api' }],
  [{ context: 'apps/api' }],
  [{ context: '.', dockerfile: './docker/api.Dockerfile', paths: ['api/'] }],
  [{ context: 'apps', paths: ['apps/api'], dockerfile: 'apps/api/Dockerfile' }],
])('takes %j', (build) => {
  expect(problems(build)).toEqual([]);
});

const inside = "expected a path inside the repository such as 'api'.";
const root = "Write it from the repository's root";
const next = 'each one would start the next. Name what the image is made of in paths.';

test.each([
  [{ context: '/srv/api' }, `context is '/srv/api', but it begins outside of the repository. ${root}.`],
  [{ context: 'C:/api' }, `context is 'C:/api', but it begins outside of the repository. ${root}.`],
  [{ context: '../api' }, `context is '../api', but '..' leads out of where it begins. ${root}, without '..'.`],
  [{ context: 'api/../..' }, `context is 'api/../..', but '..' leads out of where it begins. ${root}, without '..'.`],
  [{ context: '' }, `context is '', ${inside}`],
  [{ context: 3 }, `context is 3, ${inside}`],
  [{ context: 'https://example.com/api.git' }, 'but it is a path and no pattern.'],
  [{ context: 'manifests/api' }, `context is 'manifests/api', but releases write to manifests/: ${next}`],
  [{ context: 'apps' }, `context is 'apps', but releases write to apps/images/: ${next}`],
  [{ paths: ['.'] }, `paths[0] is '.', but releases write to apps/images/: ${next}`],
  [{ paths: ['api', './manifests/'] }, `paths[1] is './manifests/', but releases write to manifests/: ${next}`],
  [
    { paths: ['api/**'] },
    "paths[0] is 'api/**', but it is a path and no pattern. Name a file, or a folder for all that is in it.",
  ],
  [{ paths: [] }, 'paths has no entry, but an image is made of something. Leave it out for all that is in context.'],
  [{ paths: 'api' }, "paths is 'api', expected a list of paths such as ['api', 'shared']."],
  [{ dockerfile: '/Dockerfile' }, `dockerfile is '/Dockerfile', but it begins outside of the repository. ${root}.`],
  [
    { dockerfile: 'manifests/Dockerfile' },
    `dockerfile is 'manifests/Dockerfile', but releases write to manifests/: ${next}`,
  ],
  [{ file: 'Dockerfile' }, 'file is not a setting. Use one of context, dockerfile, paths.'],
  [
    { dockerFile: 'Dockerfile' },
    'dockerFile is not a setting. Did you mean dockerfile? Use one of context, dockerfile, paths.',
  ],
])('refuses %j', (build, sentence) => {
  expect(problems(build)).toEqual([expect.stringContaining(`settings.ts: services.web.build.`)]);
  expect(problems(build)[0]).toContain(sentence);
});

test('refuses what is no object', () => {
  expect(problems('api')).toEqual([
    "settings.ts: services.web.build is 'api', expected an object with context, dockerfile or paths.",
  ]);
});
