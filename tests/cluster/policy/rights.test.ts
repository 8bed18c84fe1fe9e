import { expect, test } from 'vitest';
import { policies } from '../../../cluster/check.ts';
import type { Json, Stacks } from '../../../cluster/terraform-json.ts';
import { at } from '../../../cluster/terraform-json.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const role = 'resource.google_project_iam_custom_role.role_plan.permissions';
const provider = 'resource.google_iam_workload_identity_pool_provider';

function planMay(...more: readonly string[]): Stacks {
  const permissions = at(stacks.get('bootstrap'), role);
  const kept: readonly Json[] = Array.isArray(permissions) ? permissions : [];
  return changed(stacks, 'bootstrap', role, [...kept, ...more].toSorted());
}

test.each([
  ['secretmanager.versions.access'],
  ['container.secrets.get', 'container.secrets.list'],
  ['container.clusterRoleBindings.create'],
  ['container.clusterRoles.bind', 'container.clusterRoles.escalate'],
  ['storage.objects.create', 'storage.objects.delete', 'storage.objects.update'],
  ['iam.serviceAccounts.implicitDelegation'],
  ['compute.instances.setMetadata'],
  ['cloudbuild.builds.create'],
  ['iam.workloadIdentityPoolProviders.update'],
  ['resourcemanager.projects.setIamPolicy'],
  ['*'],
])('refuses plan the right to %s', (...more) => {
  expect(policies(planMay(...more))).toEqual(
    more.map((permission) => expect.stringContaining(`permissions holds "${permission}", which is not expected`)),
  );
});

test.each<readonly [stack: string, path: string, to: Json | undefined, sentence: string]>([
  // Who gets in.
  [
    'bootstrap',
    `${provider}.github_provider.attribute_mapping`,
    { 'attribute.place': "'environment:cluster'" },
    'so a job could say that it runs in another place',
  ],
  ['bootstrap', `${provider}.github_provider.attribute_mapping`, undefined, 'attribute_mapping is missing'],
  [
    'bootstrap',
    `${provider}.github_provider.oidc.issuer_uri`,
    'https://evil.example.com',
    'so somebody else than GitHub says who a job is',
  ],
  ['bootstrap', `${provider}.github_provider.oidc.allowed_audiences`, ['x'], 'oidc.allowed_audiences is not expected'],
  ['bootstrap', `${provider}.github_provider.oidc.jwks_json`, '{}', 'oidc.jwks_json is not expected'],
  ['bootstrap', `${provider}.github_provider.saml`, { idp_metadata_xml: 'x' }, 'saml is not expected'],
  [
    'bootstrap',
    `${provider}.second`,
    { oidc: { issuer_uri: 'https://evil.example.com' } },
    'google_iam_workload_identity_pool_provider.second is not expected',
  ],
  [
    'bootstrap',
    `${provider}.github_provider.attribute_condition`,
    undefined,
    'so jobs of other repositories could get in',
  ],
  [
    'bootstrap',
    `${provider}.github_provider.attribute_condition`,
    "assertion.repository == 'example/zerodrop'",
    'so jobs of other repositories could get in',
  ],
  [
    'bootstrap',
    `${provider}.github_provider.attribute_condition`,
    "assertion.repository_owner_id == '1' && assertion.repository_id == '2' || true",
    'so jobs of other repositories could get in',
  ],
  [
    'bootstrap',
    'resource.google_service_account_iam_member.github_as_apply.member',
    'principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.place/environment:cluster',
    'so other jobs than those of environment:cluster:refs/heads/main could become apply',
  ],
  [
    'bootstrap',
    'resource.google_service_account_iam_member.github_as_apply.member',
    'principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.place/environment:cluster-plan',
    'could become apply',
  ],
  [
    'bootstrap',
    'resource.google_service_account_iam_member.github_as_apply.service_account_id',
    '${google_service_account.push.name}',
    'expected "${google_service_account.apply.name}"',
  ],
  // Who may do what.
  [
    'bootstrap',
    'resource.google_project_iam_member.apply_container_admin.role',
    'roles/editor',
    'role is "roles/editor", expected "roles/container.admin"',
  ],
  [
    'bootstrap',
    'resource.google_project_iam_member.apply_container_admin.member',
    '${google_service_account.plan.member}',
    'expected "${google_service_account.apply.member}"',
  ],
  [
    'bootstrap',
    'resource.google_project_iam_member.plan_custom.role',
    '${google_project_iam_custom_role.role_verify.id}',
    'expected "${google_project_iam_custom_role.role_plan.id}"',
  ],
  [
    'bootstrap',
    'resource.google_project_iam_member.another',
    { role: 'roles/viewer', member: 'allUsers' },
    'google_project_iam_member.another is not expected',
  ],
  [
    'bootstrap',
    'resource.google_project_iam_binding',
    { all: { role: 'roles/owner' } },
    'resource.google_project_iam_binding is not expected',
  ],
  [
    'bootstrap',
    'resource.google_storage_bucket_iam_member.state_plan.role',
    'roles/storage.legacyBucketReader',
    'expected "roles/storage.objectViewer"',
  ],
  [
    'bootstrap',
    'resource.google_storage_bucket_iam_member.state_plan.condition',
    undefined,
    'so it reaches states of other stacks',
  ],
  [
    'bootstrap',
    'resource.google_storage_bucket_iam_member.state_apply.condition.expression',
    'resource.name.startsWith("projects/_/buckets/b/objects/")',
    'so it reaches states of other stacks',
  ],
  [
    'platform',
    'resource.google_artifact_registry_repository_iam_member.images_nodes.member',
    'allUsers',
    'member is "allUsers"',
  ],
])('refuses in %s %s %j', (stack, path, to, sentence) => {
  expect(policies(changed(stacks, stack, path, to))).toContainEqual(expect.stringContaining(sentence));
});
