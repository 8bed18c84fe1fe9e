import type { Json, Stacks } from '../terraform-json.ts';
import { at, resourcesOf } from '../terraform-json.ts';
import { where } from './block.ts';

const bucketRules: readonly (readonly [path: string, value: Json, because: string])[] = [
  ['versioning.enabled', true, 'a broken state could not be brought back'],
  ['uniform_bucket_level_access', true, 'single objects could have rights of their own'],
  ['public_access_prevention', 'enforced', 'the state could be made public'],
  ['lifecycle.prevent_destroy', true, 'one apply could delete every state'],
];

/** A state for each stack, that no other stack writes, in a bucket that forgets nothing. */
export function statePolicy(stacks: Stacks): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const [stack, json] of stacks) {
    const bucket = at(json, 'terraform.backend.gcs.bucket');
    const prefix = at(json, 'terraform.backend.gcs.prefix');
    if (typeof bucket !== 'string' || typeof prefix !== 'string' || prefix === '') {
      problems.push(
        `${stack}: has no gcs backend with a prefix, so its state would stay on one machine. Make it with openStack().`,
      );
      continue;
    }
    const place = `${bucket}/${prefix}`;
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, stack);
    else
      problems.push(
        `${stack}: its state is at ${place}, where ${owner} keeps its own; each would destroy the other. Give it its own prefix.`,
      );
  }
  const buckets = resourcesOf(stacks, 'google_storage_bucket').flatMap((bucket) =>
    bucketRules
      .filter(([path, value]) => at(bucket.values, path) !== value)
      .map(
        ([path, value, because]) =>
          `${where(bucket)}: ${path} is not ${JSON.stringify(value)}, so ${because}. Set it in cluster/constructs/state.ts.`,
      ),
  );
  return [...problems, ...buckets];
}
