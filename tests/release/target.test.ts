import { expect, test } from 'vitest';
import { changedPaths, isOwn } from '../../release/publish/render.ts';

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

const binary = (object: string) => new Map([['a', { why: 'is not UTF-8 text', object }]]);

test('compares what nobody can read by its name in git', () => {
  expect(changedPaths(binary('1'), binary('1'))).toEqual([]);
  expect(changedPaths(binary('1'), binary('2'))).toEqual(['a']);
  expect(changedPaths(binary('1'), new Map([['a', '']]))).toEqual(['a']);
});

test('knows what the release of an environment may change', () => {
  const paths = ['apps/images/staging/web.json', 'manifests/staging/web/web.yaml', 'manifests/staging/web'];
  expect(paths.filter((path) => !isOwn(path, 'staging/web'))).toEqual([]);
  const others = ['manifests/production/web/web.yaml', 'manifests/staging-2/web.yaml', 'argocd/web.project.yaml'];
  expect([...others, 'apps/images/production/web.json'].filter((path) => isOwn(path, 'staging/web'))).toEqual([]);
});
