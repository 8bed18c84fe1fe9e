import { expect, test } from 'vitest';
import { federationPolicy } from '../../../cluster/policy/federation.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const condition = 'resource.google_iam_workload_identity_pool_provider.github_provider.attribute_condition';

test.each([
  [undefined, ['does not compare repository_owner_id', 'does not compare repository_id']],
  [
    "assertion.repository == 'example/zerodrop'",
    ['does not compare repository_owner_id', 'does not compare repository_id'],
  ],
  [
    "assertion.repository_owner_id == '11'",
    ["does not compare repository_id with a number, so others' repositories get in."],
  ],
  ["assertion.repository_owner_id == '11' || assertion.repository_id == '22'", ['has an "or"']],
])('refuses the condition %j', (value, sentences) => {
  expect(federationPolicy(changed(stacks, 'bootstrap', condition, value))).toEqual(
    sentences.map((sentence) => expect.stringContaining(sentence)),
  );
});
