import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publish } from '../../../release/publish/publish.ts';
import { machineClock } from '../../../release/publish/race.ts';
import { pushSource, remoteOf, request, surroundings } from '../remote.ts';
import { temporaryFolder } from '../repository.ts';

const hurried = { clock: { ...machineClock, random: () => 0 } };

function prepared() {
  const remote = remoteOf();
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  return { remote, clone, source, before: clone.state() };
}

test("a protected branch ends it with the remote's words, and what to do", async () => {
  const { remote, clone, source, before } = prepared();
  remote.hook('pre-receive', 'echo "error: GH006: Protected branch update failed for refs/heads/main." >&2', 'exit 1');
  await expect(publish(request('1.2.3', source), surroundings(clone, hurried))).rejects.toThrow(
    'origin refuses the push to main, and nothing is changed there:\nerror: GH006: Protected branch update failed for refs/heads/main.\npre-receive hook declined\nThe branch is protected: put whoever pushes here',
  );
  expect(remote.git('rev-parse', 'main')).toBe(source);
  expect(clone.state()).toBe(before);
  expect(clone.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('a remote that dies in mid-push is pushed to again', async () => {
  const { remote, clone, source } = prepared();
  const once = join(temporaryFolder(), 'once');
  remote.hook('pre-receive', `mkdir '${once}' 2>/dev/null && kill -9 $PPID`, 'exit 0');
  expect(await publish(request('1.2.3', source), surroundings(clone, hurried))).toMatchObject({ kind: 'published' });
  expect(existsSync(once)).toBe(true);
  expect(remote.git('rev-list', '--count', `${source}..main`)).toBe('1');
});

test('a push that arrived, but whose answer was lost, is not made twice', async () => {
  const { remote, clone, source } = prepared();
  remote.hook('reference-transaction', '[ "$1" = committed ] && kill -9 $PPID', 'exit 0');
  const published = await publish(request('1.2.3', source), surroundings(clone, hurried));
  expect(published).toMatchObject({ kind: 'published', commit: remote.git('rev-parse', 'main') });
  expect(remote.git('rev-list', '--count', `${source}..main`)).toBe('1');
});

test('a remote that hangs is stopped, with all that it started, and pushed to again', async () => {
  const { remote, clone, source } = prepared();
  const hung = join(temporaryFolder(), 'hung');
  remote.hook('pre-receive', `[ -e '${hung}' ] && exit 0`, `echo $$ > '${hung}'`, 'exec sleep 600');
  const published = await publish(request('1.2.3', source), surroundings(clone, { ...hurried, callMs: 3_000 }));
  expect(published).toMatchObject({ kind: 'published' });
  expect(stateOf(readFileSync(hung, 'utf8').trim())).toMatch(/^(?:Z.*)?$/);
});

/** A process's state as ps prints it; empty for one that is gone, and Z for one that only its parent has not looked at. */
function stateOf(processId: string): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', processId], { encoding: 'utf8' }).stdout.trim();
}

test('a remote that is not there ends it after three attempts', async () => {
  const { clone, source, before } = prepared();
  clone.git('remote', 'set-url', 'origin', join(temporaryFolder(), 'gone.git'));
  await expect(publish(request('1.2.3', source), surroundings(clone, hurried))).rejects.toThrow(
    /^origin could not be fetched from or pushed to 3 times in a row.+gone\.git' does not appear to be a git repository/s,
  );
  expect(clone.state()).toBe(before);
});
