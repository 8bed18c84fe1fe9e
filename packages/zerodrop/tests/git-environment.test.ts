import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isolatedEnvironment, userEnvironment } from '../src/git.ts';

test('the user keeps identity and credentials, and loses every pointer to another repository', () => {
  const pointers = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' }).trim().split('\n');
  const theirs = pointers.filter((name) => !name.startsWith('GIT_CONFIG'));
  const started = Object.fromEntries(
    [...theirs, 'GIT_AUTHOR_NAME', 'GIT_SSH_COMMAND', 'PATH'].map((name) => [name, 'x']),
  );

  expect(userEnvironment(started)).toEqual({
    GIT_AUTHOR_NAME: 'x',
    GIT_SSH_COMMAND: 'x',
    PATH: 'x',
    GIT_TERMINAL_PROMPT: '0',
  });
});

test('an isolated git sees nothing of the user', () => {
  const environment = isolatedEnvironment({
    PATH: '/bin',
    GIT_DIR: '/a/.git',
    GIT_CONFIG_GLOBAL: '/home/me/.gitconfig',
  });

  expect(environment).toMatchObject({ PATH: '/bin', GIT_CONFIG_NOSYSTEM: '1' });
  expect(environment).not.toHaveProperty('GIT_DIR');
  expect(environment['GIT_CONFIG_GLOBAL']).not.toBe('/home/me/.gitconfig');
});
