import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { driftOfCodeOwners, environmentProblems, strangers } from '../../checks/owners.ts';
import { codeOwners, codeOwnersPath } from '../../github/code-owners.ts';
import { isExampleRepository } from '../../settings/cross-checks.ts';
import { settings } from '../settings/sample.ts';

const environments = ['qa', 'live'];
const unknown = (place: string, name: string): string =>
  `${place} names the environment '${name}', which settings.ts does not have. Write one that it has, qa, live, or remove the line.`;

test('names each line of CODEOWNERS about an environment that is no more', () => {
  const text = [
    '/apps/images/production.json  @acme/live',
    '/manifests/production/web/        @acme/live',
    'manifests/staging             @acme/live',
    '/apps/images/staging/         @acme/live',
    '/argocd/                      @acme/live',
    '/manifests/live/              @acme/live',
    '/manifests/                   @acme/live',
    '# /manifests/old/             @acme/live',
  ].join('\n');
  expect(environmentProblems([{ file: '.github/CODEOWNERS', text }], environments)).toEqual([
    unknown('.github/CODEOWNERS:1', 'production'),
    unknown('.github/CODEOWNERS:2', 'production'),
    unknown('.github/CODEOWNERS:3', 'staging'),
    unknown('.github/CODEOWNERS:4', 'staging'),
  ]);
});

test('names the pin of an environment that is no more', () => {
  const sources = ['apps/images/qa.json', 'apps/images/staging.json'].map((file) => ({ file, text: '{}' }));
  expect(environmentProblems(sources, environments)).toEqual([
    "apps/images/staging.json is the pin of 'staging', which settings.ts does not have (it has qa, live). Rename it with git mv if you renamed the environment, or remove it.",
  ]);
});

const drifted = (what: string): string =>
  `.github/CODEOWNERS ${what}. Change them there, run npm run synth, and commit the result.`;

test('CODEOWNERS has to be what the owners of the settings make it', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-owners-'));
  const owned = { ...settings, owners: { developers: '@acme/everybody', platform: '@ada', promotions: '@ada' } };
  const write = (own: object) =>
    writeFile(path.join(directory, 'settings.ts'), `export const settings = ${JSON.stringify(own)};\n`);
  try {
    await write(owned);
    expect(await driftOfCodeOwners(directory)).toEqual([drifted('is missing')]);
    await mkdir(path.join(directory, '.github'));
    await writeFile(path.join(directory, codeOwnersPath), '* @ada\n');
    expect(await driftOfCodeOwners(directory)).toEqual([drifted('is not what owners in settings.ts make it')]);
    await writeFile(path.join(directory, codeOwnersPath), codeOwners(owned).get(codeOwnersPath) ?? '');
    expect(await driftOfCodeOwners(directory)).toEqual([]);
    await writeFile(path.join(directory, codeOwnersPath), '* @grace\n');
    await write(settings);
    expect(await driftOfCodeOwners(directory)).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

const repository = 'https://github.com/acme/shop';

test("names each owner of the example's once, with the first line", () => {
  const text = [
    '# Replace @example/developers by your own.',
    '*             @example/developers',
    '/apps/        @acme/sre @example/platform',
    '/argocd/      @example/platform  # @example/other',
    '/cluster/     @example/platform',
    '/docs/        @examples/writers writer@example',
    '/tests/       @example',
  ].join('\n');
  const sentence = (place: string, owner: string): string =>
    `.github/CODEOWNERS:${place} names ${owner}, the example's, but the repository is yours ('${repository}'): GitHub asks nobody on your side for an approval. Write users or teams of yours as owners in settings.ts, and run npm run synth.`;
  expect(strangers(text, repository)).toEqual([
    sentence('2', '@example/developers'),
    sentence('3 (and 2 more lines)', '@example/platform'),
    sentence('7', '@example'),
  ]);
});

test('takes owners of their own', () => {
  expect(strangers('* @acme/everybody @ada\n', repository)).toEqual([]);
  expect(strangers('', repository)).toEqual([]);
});

test.each([
  ['https://github.com/example/zerodrop', true],
  ['git@github.com:example/shop.git', true],
  [repository, false],
  ['https://github.com/acme/example', false],
])('%s is the example’s: %s', (address, expected) => {
  expect(isExampleRepository(address)).toBe(expected);
});
