import { expect, test } from 'vitest';
import { edited, linesAgainst, namespace, rulesAgainst } from '../rendered.ts';

const guarded = '    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm\n';

test('refuses a namespace that no longer asks before it is deleted', () => {
  const after = edited(namespace, `  annotations:\n${guarded}`, '');
  expect(linesAgainst(namespace, after)).toEqual([
    'namespace-unguarded | metadata: | Namespace web-staging does not ask before it is deleted. When its file is lost, or its Application goes, everything in it goes as well: annotate it with argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm',
  ]);
});

test('refuses half a guard, on its line', () => {
  const after = edited(namespace, 'Prune=confirm,Delete=confirm', 'Prune=confirm');
  expect(linesAgainst(namespace, after)[0]).toMatch(
    /^namespace-unguarded \| argocd\.argoproj\.io\/sync-options: Prune=confirm \| .* Delete=confirm$/,
  );
});

test('refuses a new namespace without it', () => {
  expect(rulesAgainst('', edited(namespace, guarded, '    a: b\n'))).toEqual(['namespace-unguarded']);
});

test('takes a namespace that is never deleted', () => {
  expect(
    rulesAgainst(namespace, edited(namespace, 'Prune=confirm,Delete=confirm', 'Delete=false, Prune=false')),
  ).toEqual([]);
});
