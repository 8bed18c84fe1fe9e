import type { Stacks } from '../terraform-json.ts';
import { resourcesOf, textAt } from '../terraform-json.ts';
import { where } from './block.ts';

const conditions = [
  { claim: 'repository_owner_id', pattern: /assertion\.repository_owner_id == '\d+'/ },
  { claim: 'repository_id', pattern: /assertion\.repository_id == '\d+'/ },
];

/** Only jobs of the one repository, known by its numbers, get in. */
export function federationPolicy(stacks: Stacks): string[] {
  return resourcesOf(stacks, 'google_iam_workload_identity_pool_provider').flatMap((provider) => {
    const condition = textAt(provider.values, 'attribute_condition');
    if (condition.includes('||')) {
      return [
        `${where(provider)}: attribute_condition has an "or", so one of its parts alone lets a job in. Join them with &&.`,
      ];
    }
    return conditions
      .filter(({ pattern }) => !pattern.test(condition))
      .map(
        ({ claim }) =>
          `${where(provider)}: attribute_condition does not compare ${claim} with a number, so others' repositories get in. Set it from google.github.`,
      );
  });
}
