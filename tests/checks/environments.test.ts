import { expect, test } from 'vitest';
import { environmentProblems } from '../../checks/environments.ts';

const environments = ['qa', 'live'];
const unknown = (place: string, name: string): string =>
  `${place} names the environment '${name}', which settings.ts does not have. Write one that it has, qa, live, or remove the line.`;

function workflow(text: string): string[] {
  return environmentProblems([{ file: '.github/workflows/a.yaml', text }], environments);
}

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

test('names each command of a workflow, whichever way it is written', () => {
  const text = `jobs:
  a:
    environment: release
    steps:
      - run: npm run --silent pipeline -- source --environment staging >> "$GITHUB_OUTPUT"
      - run: npm run release -- promote --from qa --to=production --pull-request
      - run: |
          npm ci
          npm run release -- verify \\
            --environment "staging" --commit "$COMMIT"
      - run: >-
          npm run release -- rollback
          --environment
          staging
      - run: npm run release -- verify --environment "$ENVIRONMENT"
      - run: npm run release -- verify --environment \${{ inputs.environment }}
      - run: git log --from staging
`;
  expect(workflow(text)).toEqual([
    unknown('.github/workflows/a.yaml:5', 'staging'),
    unknown('.github/workflows/a.yaml:6', 'production'),
    unknown('.github/workflows/a.yaml:10', 'staging'),
    unknown('.github/workflows/a.yaml:14', 'staging'),
  ]);
});

test('names what an input, a matrix and a condition offer, and what an input leaves out', () => {
  const text = `on:
  workflow_dispatch:
    inputs:
      environment:
        type: choice
        default: staging
        options: [staging, live]
jobs:
  a:
    if: \${{ contains(needs.environments.outputs.environments, '"staging"') }}
    strategy:
      matrix:
        environment: [qa, production]
  b:
    strategy:
      matrix:
        environment: \${{ fromJSON(needs.environments.outputs.environments) }}
`;
  expect(workflow(text).toSorted()).toEqual(
    [
      unknown('.github/workflows/a.yaml:6', 'staging'),
      unknown('.github/workflows/a.yaml:7', 'staging'),
      unknown('.github/workflows/a.yaml:10', 'staging'),
      unknown('.github/workflows/a.yaml:13', 'production'),
      ".github/workflows/a.yaml:7 offers no 'qa', an environment of settings.ts. Add it to options.",
    ].toSorted(),
  );
});

test('names the pin of an environment that is no more', () => {
  const sources = ['apps/images/qa.json', 'apps/images/staging.json'].map((file) => ({ file, text: '{}' }));
  expect(environmentProblems(sources, environments)).toEqual([
    "apps/images/staging.json is the pin of 'staging', which settings.ts does not have (it has qa, live). Rename it with git mv if the environment has another name now, or remove it.",
  ]);
});

test('reads a file that is no YAML as far as it goes', () => {
  expect(workflow('a: [\n  - run: }')).toEqual([]);
});
