import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { links, repositoryPage } from '../../../cluster/argocd/links.ts';
import { textAt } from '../../../cluster/terraform-json.ts';
import { samples } from '../sample.ts';

test.each([
  'https://github.com/example/zerodrop',
  'https://github.com/example/zerodrop.git',
  'https://github.com/example/zerodrop/',
  'git@github.com:example/zerodrop.git',
  'ssh://git@github.com/example/zerodrop',
])('knows the page of %s', (repository) => {
  expect(repositoryPage(repository)).toBe('https://github.com/example/zerodrop');
});

test.each(['https://gitlab.com/example/zerodrop', 'https://github.com/example', 'https://github.com.evil.com/a/b'])(
  'knows no page of %s',
  (repository) => {
    expect(repositoryPage(repository)).toBeNull();
    expect(links({ ...samples.demo, repository })).not.toHaveProperty(['application.links']);
  },
);

test('leads from an application to its folder and its commit, and from a Service to its answer', () => {
  // A dot in a key is no path.
  const entries = Object.entries(links(samples.demo)).map(([key, value]) => [key.replace('.', '-'), value]);
  const found = Object.fromEntries(entries);
  expect(parse(textAt(found, 'application-links'))).toMatchObject([
    { url: 'https://github.com/example/zerodrop/tree/main/{{ .application.spec.source.path }}' },
    { url: 'https://github.com/example/zerodrop/commit/{{ .application.status.sync.revision }}' },
  ]);
  expect(parse(textAt(found, 'resource-links'))).toMatchObject([{ title: 'Version that answers' }]);
});
