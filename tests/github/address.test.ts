import { expect, test } from 'vitest';
import { repositoryPage } from '../../github/address.ts';

test.each([
  'https://github.com/example/zerodrop',
  'https://github.com/example/zerodrop.git',
  'https://github.com/example/zerodrop/',
  'https://GitHub.com/example/zerodrop',
  'git@github.com:example/zerodrop.git',
  'ssh://git@github.com/example/zerodrop',
  'ssh://git@github.com:22/example/zerodrop.git',
])('knows the page of %s', (repository) => {
  expect(repositoryPage(repository)).toBe('https://github.com/example/zerodrop');
});

test.each([
  ['https://github.example.com:8443/a/b.git', 'https://github.example.com:8443/a/b'],
  ['git@ghe.example.com:a/b.git', 'https://ghe.example.com/a/b'],
  ['ssh://git@github.example.com:2222/a/b.git', 'https://github.example.com/a/b'],
  ['https://octo.ghe.com/a/b', 'https://octo.ghe.com/a/b'],
])('knows the page of %s on an own server', (repository, page) => {
  expect(repositoryPage(repository)).toBe(page);
});

test.each([
  'https://gitlab.com/example/zerodrop',
  'https://github.com/example',
  'https://github.com/a/b/c',
  'https://github.com.evil.com/a/b',
  'https://evil.com/github.com/a/b',
  'https://notghe.com/a/b',
  'git@gitlab.com:example/zerodrop.git',
  'http://127.0.0.1:8080/zerodrop.git',
  'file:///srv/zerodrop.git',
])('knows no page of %s', (repository) => {
  expect(repositoryPage(repository)).toBeNull();
});
