import { expect, test } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { releaseAndRevert, sceneList, scenes, scenesNamed } from '../../../src/rehearse/play/scenes.ts';

test('a release and its revert are played unless another scene is asked for', () => {
  expect(scenesNamed(undefined)).toEqual([releaseAndRevert]);
});

test('scenes are played in the order in which they are named, each once', () => {
  expect(scenesNamed('two-merges, revert-midway,two-merges').map(({ name }) => name)).toEqual([
    'two-merges',
    'revert-midway',
  ]);
  expect(scenesNamed('all')).toBe(scenes);
});

test('a misspelt name is told with the one that is meant', () => {
  expect(() => scenesNamed('revert-midwey')).toThrow(UsageError);
  expect(() => scenesNamed('two-merges,revert-midwey')).toThrow(
    /--scene is "revert-midwey".*Did you mean revert-midway\?/,
  );
  expect(() => scenesNamed('')).toThrow(/expected one of all, release-and-revert/);
});

test('each scene has a name of its own, a line in the list, and ends with a step that is waited for', () => {
  expect(new Set(scenes.map(({ name }) => name)).size).toBe(scenes.length);
  expect(sceneList().split('\n')).toHaveLength(scenes.length);
  expect(scenes.filter(({ steps }) => typeof steps.at(-1)?.until === 'number')).toEqual([]);
});
