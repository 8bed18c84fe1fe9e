import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseImageReference } from '../../../release/outcome.ts';
import { publish } from '../../../release/publish/publish.ts';
import { settings } from '../../../settings.ts';
import { firstOf } from '../../../settings/settings.ts';
import { startProgram, startRelease } from '../command.ts';
import { projectRepository } from '../project.ts';
import { pushSource, type Remote, remoteOf, request, surroundings } from '../remote.ts';
import { type Repository, temporaryFolder } from '../repository.ts';

const service = firstOf(settings.services);
const environment = firstOf(settings.environments).name;
/** A remote whose next push waits, and says so, until it is let go and declined. */
function waiting(remote: Remote) {
  const folder = temporaryFolder();
  const [reached, go] = [join(folder, 'reached'), join(folder, 'go')];
  remote.hook('pre-receive', `echo $$ > '${reached}'`, `while [ ! -e '${go}' ]; do sleep 0.05; done`, 'exit 1');
  return {
    /** Waits for the push; or for `ended`, which must not come first. */
    async isReached(ended: Promise<unknown>) {
      let outcome: unknown;
      const note = (end: unknown): unknown => (outcome = end);
      ended.then(note, note);
      while (!existsSync(reached)) {
        if (outcome !== undefined) throw new Error(`There was no push: ${inspect(outcome)}`);
        await pause(20);
      }
    },
    async letGo() {
      writeFileSync(go, '');
      const hook = readFileSync(reached, 'utf8').trim();
      while (/^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', hook], { encoding: 'utf8' }).stdout)) await pause(20);
    },
  };
}

const image = `${service.image}:1.2.3@sha256:${'0'.repeat(64)}`;
const trees = (clone: Repository): number => clone.git('worktree', 'list').split('\n').length;

test('an interruption stops the push, and leaves nothing behind', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  const before = clone.state();
  const push = waiting(remote);
  const interruption = new AbortController();
  const published = publish(request('1.2.3', source), surroundings(clone, { signal: interruption.signal }));
  await Promise.all([
    expect(published).rejects.toThrow(/^Interrupted while git \w+ was at work\.$/),
    push.isReached(published).then(() => interruption.abort()),
  ]);
  expect([clone.state(), trees(clone), remote.git('rev-parse', 'main')]).toEqual([before, 1, source]);
  await push.letGo();
});

test('a killed process leaves a clone that works, and the next run clears up after it', async () => {
  const remote = remoteOf(await projectRepository());
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  const before = clone.state();
  const push = waiting(remote);
  const what = ['--environment', environment, '--service', service.name, '--source', source, '--image', image];
  const { processId, ended } = startRelease(['publish', '--directory', clone.directory, ...what]);
  await push.isReached(ended);
  process.kill(processId, 'SIGKILL');
  await ended;
  expect([clone.state(), trees(clone)]).toEqual([before, 2]);
  const [, left = ''] = clone.git('worktree', 'list', '--porcelain').match(/^worktree (.+zerodrop-publish.+)$/m) ?? [];
  expect(existsSync(left)).toBe(true);
  clone.git('fsck', '--strict');
  await push.letGo();

  remote.hook('pre-receive');
  const asked = request('1.2.3', source, { environment, service: service.name, image: parseImageReference(image) });
  expect(await publish(asked, surroundings(clone))).toMatchObject({ kind: 'published' });
  expect([trees(clone), existsSync(left)]).toEqual([1, false]);
});

test('a disk that is full leaves the clone as it was', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  clone.write('picture.bin', 'x'.repeat(3_000_000));
  const source = pushSource(clone, 'Draw');
  const before = clone.state();
  // No file may be larger than a megabyte: whoever writes on ends in the middle of the checkout, as on a full disk.
  const limited = ['-c', 'ulimit -f 2048; exec "$@"', 'sh'];
  const what = ['--environment', environment, '--service', service.name, '--source', source, '--image', image];
  const { stderr, exitCode, stdout } = await startProgram('sh', [
    ...limited,
    process.execPath,
    '--conditions=zerodrop-source',
    '--import',
    'tsx',
    'release/main.ts',
    'publish',
    '--directory',
    clone.directory,
    ...what,
  ]).ended;
  expect([exitCode, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^release: git checkout failed in .+: git was ended by SIGXFSZ\.\n$/);
  expect([clone.state(), trees(clone), remote.git('rev-parse', 'main')]).toEqual([before, 1, source]);
});
