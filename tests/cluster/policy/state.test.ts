import { expect, test } from 'vitest';
import { statePolicy } from '../../../cluster/policy/state.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.production);
const bucket = 'resource.google_storage_bucket.state';

test.each([
  [
    'argocd',
    'terraform.backend.gcs.prefix',
    'platform',
    'argocd: its state is at example-project-zerodrop-state/platform, where platform keeps its own',
  ],
  ['argocd', 'terraform.backend', { local: {} }, 'argocd: has no gcs backend with a prefix'],
  ['platform', 'terraform.backend.gcs.prefix', '', 'platform: has no gcs backend with a prefix'],
  ['bootstrap', `${bucket}.versioning.enabled`, false, 'so a broken state could not be brought back.'],
  [
    'bootstrap',
    `${bucket}.uniform_bucket_level_access`,
    undefined,
    'so single objects could have rights of their own.',
  ],
  ['bootstrap', `${bucket}.public_access_prevention`, 'inherited', 'so the state could be made public.'],
  ['bootstrap', `${bucket}.lifecycle`, undefined, 'so one apply could delete every state.'],
])('refuses %s with %s %j', (stack, path, value, sentence) => {
  expect(statePolicy(changed(stacks, stack, path, value))).toEqual([expect.stringContaining(sentence)]);
});
