import { expect, test } from 'vitest';
import { scratchEnvironment } from '../../../src/rehearse/scratch.ts';

test('a scratch clone sees neither the repository that started us nor the configuration of the user', () => {
  const environment = scratchEnvironment({
    PATH: '/bin',
    GIT_DIR: '/project/.git',
    GIT_CONFIG_GLOBAL: '/home/me/.gitconfig',
  });

  expect(environment).toMatchObject({ PATH: '/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'zerodrop rehearsal' });
  expect(environment).not.toHaveProperty('GIT_DIR');
  expect(environment['GIT_CONFIG_GLOBAL']).not.toBe('/home/me/.gitconfig');
});
