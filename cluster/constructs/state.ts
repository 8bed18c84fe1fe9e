import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import type { IdentityName } from '../identities.ts';

/** The prefixes that CI may write. `bootstrap` is not one: who may write its state may rewrite everyone's rights. */
const writable = ['platform', 'argocd'];

/**
 * The bucket of Terraform's state.
 *
 * It holds its own stack's state too, so a person makes it by hand first and imports it: docs/bring-up.md.
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
    lifecycleRule: [{ action: { type: 'Delete' }, condition: { numNewerVersions: 20 } }],
    lifecycle: { preventDestroy: true },
  });
  const grant = (id: string, role: string, who: 'plan' | 'apply') =>
    create(StorageBucketIamMember, stack, id, { bucket: bucket.name, role, member: accounts[who].member });
  // Plans run without a lock (`-lock=false`): reading is all they need.
  grant('state_plan', 'roles/storage.objectViewer', 'plan');
  // Terraform lists workspaces, which a condition on an object's name would refuse.
  grant('state_apply_list', 'roles/storage.legacyBucketReader', 'apply');
  create(StorageBucketIamMember, stack, 'state_apply', {
    bucket: bucket.name,
    role: 'roles/storage.objectUser',
    member: accounts.apply.member,
    condition: {
      title: 'own stacks',
      expression: writable
        .map((prefix) => `resource.name.startsWith("projects/_/buckets/${google.stateBucket}/objects/${prefix}/")`)
        .join(' || '),
    },
  });
  return bucket;
}
