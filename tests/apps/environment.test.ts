import { expect, test } from 'vitest';
import { environmentDocuments } from '../../apps/environment.ts';
import { environment } from '../settings/sample.ts';

test('keeps the namespace apart from what lives in it', () => {
  const documents = environmentDocuments('web', 'production', environment, null, {});
  expect(documents.namespace).toEqual([expect.objectContaining({ kind: 'Namespace' })]);
  expect(documents.service).toContainEqual(expect.objectContaining({ kind: 'Service' }));
  expect(documents.service).not.toContainEqual(expect.objectContaining({ kind: 'Namespace' }));
});

test('names the environment whose rollout does not hold', () => {
  const unchecked = { because: 'a typing error', maxSurge: 0 };
  expect(() => environmentDocuments('web', 'production', { ...environment, unchecked }, null, {})).toThrow(
    expect.objectContaining({
      name: 'RenderError',
      message: expect.stringMatching(/^settings\.ts: environments\.production: maxSurge and maxUnavailable are both 0/),
      cause: expect.objectContaining({ name: 'RolloutError' }),
    }),
  );
});
