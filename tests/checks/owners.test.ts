import { expect, test } from 'vitest';
import { environmentProblems } from '../../checks/environments.ts';

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
    "apps/images/staging.json is the pin of 'staging', which settings.ts does not have (it has qa, live). Rename it with git mv if the environment has another name now, or remove it.",
  ]);
});
