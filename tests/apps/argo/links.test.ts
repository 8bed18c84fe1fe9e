import { expect, test } from 'vitest';
import { targetLinks, linkAnnotations } from '../../../apps/argo/links.ts';

test('leads to the releases of the environment, to the way back and to the runs', () => {
  expect(targetLinks('git@github.com:example/zerodrop.git', 'production/web')).toEqual([
    { name: 'Releases', value: 'https://github.com/example/zerodrop/commits/main/apps/images/production/web.json' },
    { name: 'Roll back', value: 'https://github.com/example/zerodrop/actions/workflows/roll-back.yaml' },
    { name: 'Runs', value: 'https://github.com/example/zerodrop/actions' },
  ]);
});

test('titles the releases where Argo CD shows a link alone', () => {
  expect(linkAnnotations('https://github.example.com/a/b', 'staging/web')).toEqual({
    'link.argocd.argoproj.io/external-link':
      'Releases|https://github.example.com/a/b/commits/main/apps/images/staging/web.json',
  });
});

test('has no link to a forge that is not GitHub', () => {
  expect(targetLinks('https://gitlab.com/a/b', 'staging/web')).toEqual([]);
  expect(linkAnnotations('https://gitlab.com/a/b', 'staging/web')).toEqual({});
});
