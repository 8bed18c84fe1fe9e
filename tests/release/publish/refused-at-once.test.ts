import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { publish } from '../../../release/publish/publish.ts';
import type { Clock } from '../../../release/publish/race.ts';
import { pushSource, remoteOf, request, surroundings } from '../remote.ts';
import { type Repository, temporaryFolder } from '../repository.ts';

/** Nobody may wait for another attempt. */
const impatient: Clock = {
  nowMs: () => 0,
  random: () => 0,
  pause: async () => {
    throw new Error('There was a second attempt.');
  },
};

function prepared() {
  const remote = remoteOf();
  const clone = remote.clone();
  return { remote, clone, source: pushSource(clone, 'Answer faster') };
}

const publishing = (clone: Repository, source: string, remote = 'origin') =>
  publish(request('1.2.3', source), surroundings(clone, { clock: impatient, remote }));

test.each(['pre-commit', 'prepare-commit-msg', 'commit-msg', 'pre-push', 'reference-transaction'])(
  'says that it is the hook %s, with its words',
  async (hook) => {
    const { remote, clone, source } = prepared();
    clone.hook(hook, 'echo "lint failed: run npm run check" >&2', 'exit 1');
    // A relative path would be looked for in the worktree.
    clone.git('config', 'core.hooksPath', join(clone.directory, '.git', 'hooks'));
    const before = clone.state();
    await expect(publishing(clone, source)).rejects.toThrow(
      new RegExp(
        `^Your hook ${hook} ended git \\w+, and nothing is pushed:\\n(?:.*\\n)*lint failed: run npm run check\\n(?:.*\\n)*It ran in a temporary worktree`,
      ),
    );
    expect([clone.state(), remote.git('rev-parse', 'main')]).toEqual([before, source]);
    expect(clone.git('worktree', 'list').split('\n')).toHaveLength(1);
  },
);

test('goes on without hooks as the sentence says, and finds them by core.hooksPath as well', async () => {
  const { clone, source } = prepared();
  const hooks = temporaryFolder();
  writeFileSync(join(hooks, 'pre-push'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(hooks, 'pre-push'), 0o755);
  clone.git('config', 'core.hooksPath', hooks);
  await expect(publishing(clone, source)).rejects.toThrow(
    'Your hook pre-push ended git push, and nothing is pushed:\nIt said nothing.',
  );
  const variables = ['GIT_CONFIG_COUNT=1', 'GIT_CONFIG_KEY_0=core.hooksPath', 'GIT_CONFIG_VALUE_0=/dev/null'];
  for (const variable of variables) vi.stubEnv(...(variable.split('=') as [string, string]));
  expect(await publishing(clone, source)).toMatchObject({ kind: 'published' });
  vi.unstubAllEnvs();
});

test('a hook of the remote is the remote, and not ours', async () => {
  const { remote, clone, source } = prepared();
  remote.hook('pre-receive', 'echo "not on Fridays" >&2', 'exit 1');
  await expect(publishing(clone, source)).rejects.toThrow(/^origin refuses the push to main.*\nnot on Fridays\n/);
});

test('prints no secret of the address of a remote', async () => {
  const { clone, source } = prepared();
  const refused = publishing(clone, source, 'http://ada:s3cret@127.0.0.1:1/r.git');
  await expect(refused).rejects.toThrow('There was a second attempt.');
  const patient = surroundings(clone, { remote: 'http://ada:s3cret@127.0.0.1:1/r.git', withinMs: 0 });
  const clock = { ...impatient, pause: async () => undefined };
  await expect(publish(request('1.2.3', source), { ...patient, clock })).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1\/r\.git could not be fetched(?:(?!s3cret)[^])*$/,
  );
});

test('says where no commit is checked out', async () => {
  const { clone, source } = prepared();
  clone.git('symbolic-ref', 'HEAD', 'refs/heads/nowhere');
  await expect(publishing(clone, source)).rejects.toThrow(`${clone.directory} has no commit checked out.`);
});

test('says which branch is missing at the remote, and which remote in the clone', async () => {
  const { remote, clone, source } = prepared();
  remote.git('branch', '--move', 'main', 'trunk');
  await expect(publishing(clone, source)).rejects.toThrow(/^origin has no branch main, which Argo CD follows\./);
  await expect(publishing(clone, source, 'upstream')).rejects.toThrow(
    /^This clone has no remote upstream, only origin\. Name the one/,
  );
});

test.each(['--cone', '--no-cone'])('works in a sparse clone, which stays sparse: %s', async (mode) => {
  const { remote, clone, source } = prepared();
  mkdirSync(join(clone.directory, 'service'), { recursive: true });
  clone.git('sparse-checkout', 'set', mode, 'service');
  const before = [clone.state(), clone.git('ls-files'), clone.git('sparse-checkout', 'list')];
  expect(await publishing(clone, source)).toMatchObject({ kind: 'published' });
  expect(remote.git('diff', '--name-only', source, 'main').split('\n')).toEqual([
    'apps/images/staging/web.json',
    'manifests/staging/web/web.yaml',
  ]);
  expect([clone.state(), clone.git('ls-files'), clone.git('sparse-checkout', 'list')]).toEqual(before);
});
