import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trackedFiles } from '../../../checks/tools.ts';
import { type ImageFiles, makeDifferentImages as different } from '../../../pipeline/image/ingredients.ts';
import { buildOf } from '../../../settings/build.ts';

const makeDifferentImages = (before: ImageFiles, after: ImageFiles, build = {}) =>
  different(before, after, buildOf({ build }));

const tracked = await trackedFiles('.');
const roots = /^(?:Dockerfile|\.dockerignore|\.npmrc|package\.json|package-lock\.json|service\/.*)$/;
/** What this repository's own image is made of. */
const ours = new Map(tracked.filter((path) => roots.test(path)).map((path) => [path, readFileSync(path, 'utf8')]));

/** The repository with one file changed; `change` gets an empty text for a file that is not there. */
function changed(path: string, change: (text: string) => string, from = ours): Map<string, string> {
  const before = from.get(path) ?? '';
  expect(change(before)).not.toBe(before);
  return new Map(from).set(path, change(before));
}

/** What the tests change of package.json and of the lockfile. */
interface Content {
  readonly packages: Record<string, Record<string, unknown>>;
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  description: string;
  version: string;
  overrides?: Record<string, string>;
}

function json(change: (content: Content) => void): (text: string) => string {
  return (text) => {
    const content: Content = JSON.parse(text);
    change(content);
    return `${JSON.stringify(content, null, 2)}\n`;
  };
}

/** Another version of a package in the lockfile. */
const bump = (path: string) =>
  json(({ packages }) => {
    packages[path] = { ...packages[path], version: '999.0.0', integrity: 'sha512-other' };
  });

test.each<readonly [string, string, (text: string) => string]>([
  [
    'a development dependency in package.json',
    'package.json',
    json((content) => (content.devDependencies.knip = '9.9.9')),
  ],
  ['its entry in the lockfile', 'package-lock.json', bump('node_modules/vitest')],
  ['a transitive one of it', 'package-lock.json', bump('node_modules/vite')],
  [
    'a new one in the lockfile',
    'package-lock.json',
    json(({ packages }) => (packages['node_modules/new'] = { version: '1.0.0', dev: true })),
  ],
  [
    "npm's flags and order",
    'package-lock.json',
    json(({ packages }) => (packages['node_modules/express'] = { funding: 'x', ...packages['node_modules/express'] })),
  ],
  ['a script', 'package.json', json((content) => (content.scripts.extra = 'true'))],
  ['the description', 'package.json', json((content) => (content.description = 'other'))],
  [
    'the order of package.json',
    'package.json',
    (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).toReversed())),
  ],
  [
    'a comment in the Dockerfile',
    'Dockerfile',
    (text) => text.replace('WORKDIR /app', '# Where it runs.\n\nWORKDIR /app'),
  ],
  ['a comment in the service', 'service/main.ts', (text) => `// What it does.\n${text}`],
  ['a type in the service', 'service/main.ts', (text) => `${text}\ninterface Unused { readonly a: string }\n`],
  ['a document beside it', 'service/README.md', () => '# The service\n'],
  ['a test beside it', 'service/main.test.ts', () => "import './main.ts';\n"],
  ['a comment in .npmrc', '.npmrc', (text) => `# Why.\n; And why.\n${text}`],
])('%s makes no other image', async (_, path, change) => {
  expect(await makeDifferentImages(ours, changed(path, change))).toBe(false);
});

test.each<readonly [string, string, (text: string) => string]>([
  ['a dependency', 'package-lock.json', bump('node_modules/express')],
  ['a transitive one', 'package-lock.json', bump('node_modules/mime-types')],
  ['the bundler', 'package-lock.json', bump('node_modules/esbuild')],
  ["the bundler's program for a platform", 'package-lock.json', bump('node_modules/@esbuild/linux-x64')],
  [
    'the same version from elsewhere',
    'package-lock.json',
    json(
      ({ packages }) =>
        (packages['node_modules/pino'] = { ...packages['node_modules/pino'], integrity: 'sha512-other' }),
    ),
  ],
  ['the range of a dependency', 'package.json', json((content) => (content.dependencies.express = '^6.0.0'))],
  ['an override', 'package.json', json((content) => (content.overrides = { ms: '2.0.0' }))],
  ['the version', 'package.json', json((content) => (content.version = '0.2.0'))],
  [
    'an instruction of the Dockerfile',
    'Dockerfile',
    (text) => text.replace('ENV NODE_ENV=production', 'ENV NODE_ENV=production A=b'),
  ],
  ['a base image', 'Dockerfile', (text) => text.replace(/^FROM (gcr\S+)/m, 'FROM $1-debug')],
  ["the Dockerfile's syntax", 'Dockerfile', (text) => `# syntax=docker/dockerfile:1\n${text}`],
  ['a setting of npm', '.npmrc', (text) => `${text}\nlegacy-peer-deps=true\n`],
  ['code of the service', 'service/main.ts', (text) => `${text}\nprocess.stdout.write('hello');\n`],
  ['code that is imported', 'service/app.ts', (text) => `${text}\nprocess.stdout.write('hello');\n`],
  ['how it is bundled', 'service/bundle.ts', (text) => text.replace("target: 'node20'", "target: 'node24'")],
  ['a package.json beside it', 'service/package.json', () => '{ "sideEffects": false }'],
  ['code that is broken', 'service/main.ts', (text) => `${text}\n}`],
  ['a lockfile that is broken', 'package-lock.json', (text) => text.slice(1)],
])('%s makes another image', async (_, path, change) => {
  expect(await makeDifferentImages(ours, changed(path, change))).toBe(true);
});

test.each<readonly [string, (text: string) => string, string, (text: string) => string]>([
  ['tools', (text) => text.replace('--omit=dev ', ''), 'package-lock.json', bump('node_modules/vitest')],
  [
    'another package manager',
    (text) => text.replace('npm ci --omit=dev', 'corepack pnpm install'),
    'package-lock.json',
    bump('node_modules/vitest'),
  ],
  [
    'scripts',
    (text) => text.replace('RUN node service', 'RUN npm run prepare\nRUN node service'),
    'package.json',
    json((content) => (content.scripts.extra = 'true')),
  ],
  [
    'files of the service',
    (text) => text.replace('USER ', 'COPY service/views views\nUSER '),
    'service/views/index.html',
    () => '<p>',
  ],
  [
    'another build',
    (text) => text.replace('node service/build.ts', 'node service/make.ts'),
    'service/main.ts',
    (text) => `// What.\n${text}`,
  ],
])('with a Dockerfile that uses %s, a change of them makes another image', async (_, dockerfile, path, change) => {
  const own = changed('Dockerfile', dockerfile);

  expect(await makeDifferentImages(own, changed(path, change, own))).toBe(true);
});

test('a service in another language is compared file by file', async () => {
  const go = new Map([
    ['Dockerfile', 'FROM golang\nCOPY service .\n'],
    ['service/main.go', 'package main\n'],
  ]);

  expect(
    await makeDifferentImages(
      go,
      changed('service/main.go', (text) => `// What.\n${text}`, go),
    ),
  ).toBe(true);
  expect(
    await makeDifferentImages(
      go,
      changed('Dockerfile', (text) => `# Why.\n${text}`, go),
    ),
  ).toBe(false);
});

/** Our files with a lockfile that has a workspace, which needs the package `a` in this version. */
function withWorkspace(root: object, version: string): Map<string, string> {
  const packages = {
    '': root,
    'packages/tool': { dependencies: { a: '*' } },
    'node_modules/tool': { resolved: 'packages/tool', link: true },
    'node_modules/a': { version },
  };
  return new Map(ours).set('package-lock.json', JSON.stringify({ packages }));
}

test.each([
  ['production', { dependencies: { tool: '*' } }, true],
  ['development alone', { workspaces: ['packages/*'], devDependencies: { tool: '*' } }, false],
])('what a workspace needs that is for %s', async (_, root, expected) => {
  expect(await makeDifferentImages(withWorkspace(root, '1.0.0'), withWorkspace(root, '2.0.0'))).toBe(expected);
});

test('a build in a folder of its own is read like one at the root', async () => {
  const api = new Map([...ours].map(([path, text]) => [`api/${path}`, text]));
  const build = { context: 'api' };
  const comment = changed('api/service/main.ts', (text) => `// What.\n${text}`, api);
  const tool = changed('api/package-lock.json', bump('node_modules/vitest'), api);
  const express = changed('api/package-lock.json', bump('node_modules/express'), api);

  expect(await makeDifferentImages(api, comment, build)).toBe(false);
  expect(await makeDifferentImages(api, tool, build)).toBe(false);
  expect(await makeDifferentImages(api, express, build)).toBe(true);
});

test('the Dockerfile of a build is the one that it names', async () => {
  const build = { context: '.', dockerfile: 'docker/api.Dockerfile', paths: ['Dockerfile', 'api'] };
  const files = new Map([
    ['Dockerfile', 'FROM web\n'],
    ['docker/api.Dockerfile', 'FROM golang\n'],
    ['api/main.go', 'package main\n'],
  ]);
  const explained = changed('docker/api.Dockerfile', (text) => `# Why.\n${text}`, files);
  const moved = changed('docker/api.Dockerfile', () => 'FROM rust\n', files);

  expect(await makeDifferentImages(files, explained, build)).toBe(false);
  expect(await makeDifferentImages(files, moved, build)).toBe(true);
});
