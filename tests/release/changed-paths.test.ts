import { expect, test } from 'vitest';
import { changedPaths, strayPath } from '../../release/changed-paths.ts';

test('finds what is new, what differs and what is gone, in order', () => {
  const before = new Map([
    ['d', '1'],
    ['c', '1'],
    ['b', '1'],
  ]);
  const after = new Map([
    ['d', '1'],
    ['b', '2'],
    ['a', ''],
  ]);
  expect(changedPaths(before, after)).toEqual(['a', 'b', 'c']);
});

test('finds what is not the release of this environment', () => {
  const own = ['apps/images/staging.json', 'manifests/staging/web.yaml'];
  expect(strayPath(own, 'staging')).toBeUndefined();
  expect(strayPath([...own, 'manifests/production/web.yaml'], 'staging')).toBe('manifests/production/web.yaml');
  expect(strayPath(['manifests/staging-2/web.yaml'], 'staging')).toBe('manifests/staging-2/web.yaml');
  expect(strayPath([...own, 'argocd/project.yaml'], 'staging')).toBe('argocd/project.yaml');
  expect(strayPath(['apps/images/production.json'], 'staging')).toBe('apps/images/production.json');
});
