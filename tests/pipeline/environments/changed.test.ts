import { expect, test } from 'vitest';
import { changedEnvironments } from '../../../pipeline/environments/changed.ts';

const environments = ['staging', 'production'];

test('an environment has changed with any of its manifests, in the order of the settings', () => {
  const paths = ['manifests/production/web.yaml', 'README.md', 'manifests/staging/namespace.yaml'];

  expect(changedEnvironments(paths, environments)).toEqual(['staging', 'production']);
});

test('a folder whose name only begins like an environment is another one', () => {
  expect(changedEnvironments(['manifests/production-eu/web.yaml', 'apps/images/staging.json'], environments)).toEqual(
    [],
  );
});
