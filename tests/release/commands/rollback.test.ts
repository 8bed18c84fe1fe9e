import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { rollbackCommand } from '../../../release/commands/rollback.ts';
import { commitRelease, remoteOf } from '../remote.ts';

test('prints the commit, and says what it did', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  await commitRelease(clone, '1.0.0');
  const { commit } = await commitRelease(clone, '2.0.0');
  clone.git('push', '--quiet', 'origin', 'main');
  const run = (...args: readonly string[]) =>
    rollbackCommand(
      ['--environment', 'staging', '--directory', clone.directory, ...args],
      new AbortController().signal,
    );

  expect(await run('--commit', commit)).toEqual({
    stdout: `${remote.git('rev-parse', 'main')}\n`,
    stderr: 'Rolled staging back from 2.0.0 to 1.0.0.\n',
    exitCode: 0,
  });
  expect(await run('--commit', commit)).toEqual({
    stdout: '',
    stderr: `Nothing to roll back: ${commit} was rolled back already.\n`,
    exitCode: 0,
  });
  await expect(run('--commit', 'HEAD')).rejects.toThrow('--commit is "HEAD", expected all 40 hex digits');
});

test.each(['../..', 'Staging', ''])('takes %j for no environment', async (name) => {
  const { signal } = new AbortController();
  await expect(rollbackCommand(['--environment', name], signal)).rejects.toThrow(UsageError);
});

test('says which environments there are to one that has no release and is in no settings', async () => {
  const clone = remoteOf().clone();
  const run = (name: string) =>
    rollbackCommand(['--environment', name, '--directory', clone.directory], new AbortController().signal);
  await expect(run('stagng')).rejects.toThrow(
    new UsageError('--environment is "stagng", but settings.ts has staging, production. Did you mean staging?'),
  );
  await expect(run('staging')).rejects.toThrow('staging runs no release, so there is none to roll back.');
});
