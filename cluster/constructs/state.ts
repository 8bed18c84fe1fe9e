import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import type { IdentityName } from '../identities.ts';
import { create } from '../stack.ts';

// Who may write the state of `bootstrap` may rewrite everyone's rights: it is not among these.
const applied = ['platform', 'argocd'];

/** Where a plan waits for its approval, as .github/workflows/stack.yaml puts it there. */
const waiting = ['plans'];

/**
 * The bucket of Terraform's state.
 *
 * It holds its own stack's state too, so a person makes it by hand first and imports it: docs/how-to/bring-up.md.
 */
export function state(
  stack: TerraformStack,
  google: Google,
  accounts: Readonly<Record<IdentityName, ServiceAccount>>,
): StorageBucket {
  const bucket = create(StorageBucket, stack, 'state', {
    name: google.stateBucket,
    location: google.region,
    // Rights by IAM alone, and never for the public.
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    // A state that an apply has broken is brought back from here.
    versioning: { enabled: true },
    lifecycleRule: [
      { action: { type: 'Delete' }, condition: { numNewerVersions: 20 } },
      // A plan that nobody has approved by then is older than what it was made for.
      { action: { type: 'Delete' }, condition: { age: 14, matchesPrefix: ['plans/'], withState: 'ANY' } },
    ],
    lifecycle: { preventDestroy: true },
  });
  const under = (prefixes: readonly string[]) => ({
    title: `under ${prefixes.join(' and ')}`,
    expression: prefixes
      .map((prefix) => `resource.name.startsWith("projects/_/buckets/${google.stateBucket}/objects/${prefix}/")`)
      .join(' || '),
  });
  const grant = (id: string, role: string, who: 'plan' | 'apply', prefixes?: readonly string[]) =>
    create(StorageBucketIamMember, stack, id, {
      bucket: bucket.name,
      role,
      member: accounts[who].member,
      ...(prefixes === undefined ? {} : { condition: under(prefixes) }),
    });
  // Terraform lists workspaces, which a condition on an object's name would refuse. It reads no object.
  grant('state_plan_lists', 'roles/storage.legacyBucketReader', 'plan');
  grant('state_apply_lists', 'roles/storage.legacyBucketReader', 'apply');
  // Plans run without a lock (`-lock=false`): reading is all they need. Not of `bootstrap`: no job plans it.
  grant('state_plan', 'roles/storage.objectViewer', 'plan', applied);
  // To put a plan there, and never over one that somebody has approved; gcloud looks before it writes.
  grant('state_plan_sees', 'roles/storage.objectViewer', 'plan', waiting);
  grant('state_plan_waits', 'roles/storage.objectCreator', 'plan', waiting);
  grant('state_apply', 'roles/storage.objectUser', 'apply', applied);
  grant('state_apply_waits', 'roles/storage.objectViewer', 'apply', waiting);
  return bucket;
}
