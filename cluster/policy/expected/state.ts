import type { ShapeObject } from '../shape.ts';
import { because } from '../shape.ts';
import type { Owner } from './owner.ts';

/** Rights on the states. Who writes the state of `bootstrap` could rewrite every right, so no job may. */
export function stateRights(owner: Owner): ShapeObject {
  const grant = (identity: string, role: string, ...prefixes: readonly string[]) => ({
    bucket: '${google_storage_bucket.state.name}',
    role,
    member: `\${google_service_account.${identity}.member}`,
    ...(prefixes.length === 0 ? {} : { condition: because(under(prefixes), 'it reaches states of other stacks') }),
  });
  const under = (prefixes: readonly string[]) => ({
    title: `under ${prefixes.join(' and ')}`,
    expression: prefixes
      .map((prefix) => `resource.name.startsWith("projects/_/buckets/${owner.stateBucket}/objects/${prefix}/")`)
      .join(' || '),
  });
  return {
    state_plan_lists: grant('plan', 'roles/storage.legacyBucketReader'),
    state_plan: grant('plan', 'roles/storage.objectViewer', 'platform', 'argocd'),
    state_plan_sees: grant('plan', 'roles/storage.objectViewer', 'plans'),
    state_plan_waits: grant('plan', 'roles/storage.objectCreator', 'plans'),
    state_apply_lists: grant('apply', 'roles/storage.legacyBucketReader'),
    state_apply: grant('apply', 'roles/storage.objectUser', 'platform', 'argocd'),
    state_apply_waits: grant('apply', 'roles/storage.objectViewer', 'plans'),
  };
}

/** The bucket of the states: it forgets nothing, and nobody makes it public. */
export function stateBucket(owner: Owner): ShapeObject {
  return {
    name: owner.stateBucket,
    location: owner.region,
    public_access_prevention: because('enforced', 'the state could be made public'),
    uniform_bucket_level_access: because(true, 'single objects could have rights of their own'),
    versioning: because({ enabled: true }, 'a broken state could not be brought back'),
    lifecycle_rule: because(
      [
        { action: { type: 'Delete' }, condition: { num_newer_versions: 20 } },
        { action: { type: 'Delete' }, condition: { age: 14, matches_prefix: ['plans/'], with_state: 'ANY' } },
      ],
      'a state could be deleted, or a plan kept',
    ),
    lifecycle: because({ prevent_destroy: true }, 'one apply could delete every state'),
  };
}
