import { expect, test } from 'vitest';
import { publish } from '../../../release/publish/publish.ts';
import { pushSource, remoteOf, request, surroundings } from '../remote.ts';

test('pushes one commit to main, and leaves the clone as it was', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  clone.write('settings.ts', 'not even TypeScript {');
  clone.write('notes.txt', 'mine');
  clone.git('add', 'notes.txt');
  const before = clone.state();
  const published = await publish(request('1.2.3', source), surroundings(clone));
  expect(published).toEqual({ kind: 'published', commit: remote.git('rev-parse', 'main'), allowed: [] });
  expect(remote.git('log', '--format=%s', 'main')).toBe('Release web 1.2.3 to staging\nAnswer faster\nBegin');
  expect(clone.state()).toBe(before);
  expect(clone.git('worktree', 'list', '--porcelain')).not.toContain('detached');
  expect(clone.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\nrefs/remotes/origin/main');
});
