import { expect, test } from 'vitest';
import { unpushedLine } from '../../../release/commands/options.ts';
import { remoteOf } from '../remote.ts';

test('says how many commits of main the remote does not have', async () => {
  const clone = remoteOf().clone();
  const line = () => unpushedLine({ directory: clone.directory, remote: 'origin' });
  expect(await line()).toBe('');
  clone.commit('Mine');
  expect(await line()).toBe(
    'Note: this reads main at origin, and your main has a commit that origin does not have. To make that count, run git push first.\n',
  );
  clone.commit('Mine as well');
  expect(await line()).toContain('your main has 2 commits that origin does not have.');
  expect(await unpushedLine({ directory: clone.directory, remote: 'elsewhere' })).toBe('');
  clone.git('push', '--quiet', 'origin', 'main');
  expect(await line()).toBe('');
});
