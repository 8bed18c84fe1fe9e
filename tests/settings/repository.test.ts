import { expect, test } from 'vitest';
import { sentencesOf } from '../../settings/sentences.ts';
import { settingsSchema } from '../../settings/settings.ts';
import { settings } from './sample.ts';

function problems(repository: unknown): readonly string[] {
  const given = { ...settings, repository };
  const { error } = settingsSchema.safeParse(given);
  return error === undefined ? [] : sentencesOf(error, given);
}

test.each([
  'https://github.com/example/zerodrop',
  'ssh://git@github.com/example/zerodrop.git',
  'ssh://git@git.example.com:2222/zerodrop.git',
  'git@github.com:example/zerodrop.git',
  'http://127.0.0.1:8123/repo.git',
  'file:///tmp/rehearsal/remote.git',
])('takes %s', (repository) => {
  expect(problems(repository)).toEqual([]);
});

test.each([
  'github.com/example/zerodrop',
  'ftp://example.com/repo',
  'https://github.com',
  'https://github.com/exa mple/x',
  'git@github.com',
  '',
  'HTTPS://github.com/example/zerodrop',
])('refuses %j', (repository) => {
  expect(problems(repository)).toEqual([
    `repository is '${repository}', expected https://, ssh:// or git@host:path (http:// or file:// for a rehearsal).`,
  ]);
});

test('refuses a missing one', () => {
  expect(problems(undefined)).toEqual([expect.stringContaining('repository is missing, expected https')]);
});

test.each([
  'https://user:secret@github.com/example/x',
  'https://secret@github.com/example/x',
  'ssh://git:secret@host/x',
])('refuses a secret without printing it', (repository) => {
  const found = problems(repository);
  expect(found).toEqual([expect.stringContaining('would be committed in argocd/')]);
  expect(found.join()).not.toContain('secret@');
});

test.each(['https://git.example.com/a/*', 'https://git.example.com/r.git?x=1', 'git@git.example.com:a/{b,c}'])(
  'refuses %s, which Argo CD would read as a pattern',
  (repository) => {
    expect(problems(repository)).toEqual([expect.stringContaining('Write an address without them.')]);
  },
);
