import { expect, test } from 'vitest';
import { readCommittedAt } from '../../release/committed.ts';
import { emptyRepository } from './repository.ts';

test('reads files of HEAD, and not what lies in the folder', async () => {
  const { directory, write, commit } = emptyRepository();
  write('manifests/staging/web/wéb 1.yaml', 'a: 1\n\n');
  write('argocd/web.project.yaml', '');
  write('other.txt', '');
  commit('Begin');
  write('manifests/staging/web/wéb 1.yaml', 'a: 2\n');
  expect(await readCommittedAt(directory, 'HEAD', 'manifests', 'argocd', 'missing')).toEqual(
    new Map([
      ['argocd/web.project.yaml', ''],
      ['manifests/staging/web/wéb 1.yaml', 'a: 1\n\n'],
    ]),
  );
});

test('reads nothing where nothing is', async () => {
  const { directory, commit } = emptyRepository();
  commit('Begin');
  expect(await readCommittedAt(directory, 'HEAD', 'manifests')).toEqual(new Map());
});
