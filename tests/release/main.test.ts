import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { imageRepository } from '../settings/sample.ts';
import { startRelease } from './command.ts';
import { renderedRepository, temporaryFolder } from './repository.ts';

test('puts the files back when it is interrupted in a hook', async () => {
  const repository = renderedRepository();
  const reached = join(temporaryFolder(), 'reached');
  repository.hook('pre-commit', `touch '${reached}'`, 'exec sleep 60');
  const before = repository.state();
  const image = `${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`;
  const asked = ['--environment', 'staging', '--image', image, '--source', repository.head()];
  const { processId, ended } = startRelease(['--directory', repository.directory, ...asked]);
  while (!existsSync(reached)) await pause(20);
  process.kill(-processId, 'SIGINT');
  expect(await ended).toMatchObject({
    exitCode: 3,
    stdout: '',
    stderr: expect.stringContaining('every file is as it was'),
  });
  expect(repository.state()).toBe(before);
});
