import { expect, test } from 'vitest';
import { rightsPolicy } from '../../../cluster/policy/rights.ts';
import { changed, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);
const project = 'resource.google_project_iam_member.apply_container_admin';
const github = 'resource.google_service_account_iam_member.github_as_apply';

test.each([
  [`${project}.role`, 'roles/editor', 'roles/editor is not among the roles of cluster/policy/rights.ts.'],
  [`${project}.role`, 'roles/owner', 'roles/owner is not among the roles'],
  [`${project}.role`, 'roles/resourcemanager.projectIamAdmin', 'is not among the roles'],
  [
    `${project}.member`,
    'serviceAccount:zerodrop-plan@example-project.iam.gserviceaccount.com',
    'roles/container.admin is for apply alone, not for serviceAccount:zerodrop-plan@',
  ],
  [
    `${github}.member`,
    'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/x/y',
    "is not for the place of that account's own jobs",
  ],
  [
    `${github}.member`,
    'principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.place/environment:cluster-plan',
    'is not for the place of that account',
  ],
  [`${github}.service_account_id`, '${google_service_account.push.name}', 'is not for the place of that account'],
  [
    `${project}.member`,
    'serviceAccount:evil-apply@another-project.iam.gserviceaccount.com',
    'roles/container.admin is for apply alone, not for serviceAccount:evil-apply@another-project',
  ],
  [
    'resource.google_project_iam_member.plan_custom.role',
    '${google_project_iam_custom_role.role_verify.id}',
    'is for verify alone, not for ${google_service_account.plan.member}.',
  ],
  [
    'resource.google_storage_bucket_iam_member.state_apply.condition',
    undefined,
    'roles/storage.objectUser is not limited to objects under platform/, argocd/ or plans/',
  ],
  [
    'resource.google_storage_bucket_iam_member.state_apply.condition.expression',
    'resource.name.startsWith("projects/_/buckets/b/objects/platform/") || resource.name.startsWith("projects/_/buckets/b/objects/")',
    'roles/storage.objectUser is not limited',
  ],
  [
    'resource.google_storage_bucket_iam_member.state_plan_waits.condition.expression',
    'resource.name.startsWith("projects/_/buckets/b/objects/bootstrap/")',
    'roles/storage.objectCreator is not limited',
  ],
  [
    'resource.google_project_iam_custom_role.role_plan.permissions',
    ['resourcemanager.projects.setIamPolicy'],
    'resourcemanager.projects.setIamPolicy lets its holder take further rights.',
  ],
  [
    'resource.google_project_iam_custom_role.role_verify.permissions',
    ['iam.serviceAccounts.actAs'],
    'iam.serviceAccounts.actAs lets',
  ],
  [
    'resource.google_project_iam_binding.all',
    { role: 'roles/container.admin', member: '${google_service_account.apply.member}' },
    'takes rights away from everyone it does not name. Use google_project_iam_member.',
  ],
])('refuses %s %j', (path, value, sentence) => {
  expect(rightsPolicy(changed(stacks, 'bootstrap', path, value))).toEqual([expect.stringContaining(sentence)]);
});

test.each([
  'allUsers',
  'allAuthenticatedUsers',
  'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/*',
])('refuses rights for %s', (member) => {
  expect(
    rightsPolicy(
      changed(
        stacks,
        'platform',
        'resource.google_artifact_registry_repository_iam_member.images_nodes.member',
        member,
      ),
    ),
  ).toContainEqual(expect.stringContaining(`its member is ${member}, which is everybody.`));
});

test('lets nobody who applies change a right in the project', () => {
  // Of bootstrap's own, which only a person applies, none is for CI on the project's policy, the state of bootstrap or another account but the nodes'.
  const granted = JSON.stringify(stacks.get('bootstrap'));
  expect(granted).not.toMatch(/projectIamAdmin|iam\.securityAdmin|serviceAccountAdmin|serviceAccountTokenCreator/);
});
