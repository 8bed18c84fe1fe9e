import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeRunFolder, removeFolder, staleFolders } from '../../../src/rehearse/scratch.ts';

test('only folders of runs whose process is gone are stale', () => {
  const names = ['zerodrop-rehearsal-11-abc', 'zerodrop-rehearsal-22-def', 'zerodrop-rehearsal-x', 'someone-else-33'];

  expect(staleFolders(names, (processId) => processId === 22)).toEqual(['zerodrop-rehearsal-11-abc']);
});

test('the folder of this run is not stale, and goes when it is removed', async () => {
  const folder = await makeRunFolder();

  expect(staleFolders([folder.split('/').at(-1) ?? ''], (processId) => processId === process.pid)).toEqual([]);
  await removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});
