import { expect, test } from 'vitest';
import { LeftBehind } from '../../../src/rehearse/cluster.ts';
import { closeOrTell } from '../../../src/rehearse/play/play.ts';

test('what a play leaves behind is told and not thrown, so that its record is kept', async () => {
  const left = new LeftBehind('Namespace web-rehearsal-k3f9ab is still there.');

  expect(await closeOrTell({ close: async () => Promise.reject(left) })).toBe(left);
  expect(await closeOrTell({ close: async () => undefined })).toBeNull();
});

test('a defect is thrown', async () => {
  await expect(closeOrTell({ close: async () => Promise.reject(new TypeError('a defect')) })).rejects.toThrow(
    'a defect',
  );
});
