import { expect, test } from 'vitest';
import type { Json } from '../../../cluster/terraform-json.ts';
import { resourcesOf, textAt } from '../../../cluster/terraform-json.ts';
import { block, samples, stacksFor } from '../sample.ts';

const everything = stacksFor(samples.everything);
const production = stacksFor(samples.production);

function permissions(role: string): Json | undefined {
  return block(everything, 'bootstrap', `google_project_iam_custom_role.${role}`)['permissions'];
}

function roles(identity: string): string[] {
  return resourcesOf(everything, 'google_project_iam_member')
    .filter(({ values }) => textAt(values, 'member').includes(`google_service_account.${identity}.`))
    .map(({ values }) => textAt(values, 'role'))
    .toSorted();
}

test.each([
  ['nodes', ['roles/container.defaultNodeServiceAccount']],
  ['push', []],
  ['plan', ['${google_project_iam_custom_role.role_plan.id}']],
  [
    'apply',
    [
      'roles/artifactregistry.admin',
      'roles/certificatemanager.owner',
      'roles/compute.networkAdmin',
      'roles/container.admin',
      'roles/monitoring.editor',
    ],
  ],
  ['verify', ['${google_project_iam_custom_role.role_verify.id}']],
])('gives %s the least that it needs in the project', (identity, expected) => {
  expect(roles(identity)).toEqual(expected);
});

test('lets a plan read, and verify only reach the cluster', () => {
  expect(permissions('role_verify')).toEqual([
    'container.clusters.connect',
    'container.clusters.get',
    'resourcemanager.projects.get',
  ]);
  expect(permissions('role_plan')).toEqual([
    'artifactregistry.repositories.get',
    'artifactregistry.repositories.getIamPolicy',
    'certificatemanager.certmapentries.get',
    'certificatemanager.certmaps.get',
    'certificatemanager.certs.get',
    'certificatemanager.dnsauthorizations.get',
    'compute.addresses.get',
    'compute.globalAddresses.get',
    'compute.instanceGroupManagers.get',
    'compute.networks.get',
    'compute.routers.get',
    'compute.subnetworks.get',
    'container.clusters.connect',
    'container.clusters.get',
    'monitoring.alertPolicies.get',
    'monitoring.dashboards.get',
    'monitoring.notificationChannels.get',
    'monitoring.services.get',
    'monitoring.slos.get',
    'monitoring.uptimeCheckConfigs.get',
    'resourcemanager.projects.get',
  ]);
});

test.each([
  ['state_apply', 'roles/storage.objectUser'],
  ['state_plan', 'roles/storage.objectViewer'],
])('gives by %s the states of platform and argocd, and no other', (grant, expected) => {
  const { condition, role } = block(everything, 'bootstrap', `google_storage_bucket_iam_member.${grant}`);
  expect(role).toBe(expected);
  expect(condition).toEqual({
    title: 'under platform and argocd',
    expression:
      'resource.name.startsWith("projects/_/buckets/example-project-zerodrop-state/objects/platform/") || ' +
      'resource.name.startsWith("projects/_/buckets/example-project-zerodrop-state/objects/argocd/")',
  });
});

test('knows jobs by numbers and by where they run', () => {
  expect(block(everything, 'bootstrap', 'google_iam_workload_identity_pool_provider.github_provider')).toMatchObject({
    attribute_condition: "assertion.repository_owner_id == '1' && assertion.repository_id == '2'",
    attribute_mapping: {
      'attribute.place':
        "assertion.sub.contains(':environment:') ? (assertion.environment == 'cluster-plan' ? 'environment:cluster-plan' : 'environment:' + assertion.environment + ':' + assertion.ref) : assertion.sub.endsWith(':ref:' + assertion.ref) ? assertion.ref : 'elsewhere'",
    },
  });
});

test.each([
  ['push', 'refs/heads/main'],
  ['verify', 'environment:release:refs/heads/main'],
  ['plan', 'environment:cluster-plan'],
  ['apply', 'environment:cluster:refs/heads/main'],
])('lets %s be taken on by jobs at %s', (identity, place) => {
  expect(block(everything, 'bootstrap', `google_service_account_iam_member.github_as_${identity}`)).toMatchObject({
    member: `principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.github.name}/attribute.place/${place}`,
    role: 'roles/iam.workloadIdentityUser',
  });
});

test('lets nobody in from GitHub who is not named', () => {
  expect(resourcesOf(production, 'google_iam_workload_identity_pool')).toEqual([]);
  expect(JSON.stringify(production.get('bootstrap'))).not.toContain('workloadIdentityUser');
});

test('makes empty secrets for what the settings ask for, and none else', () => {
  const ids = (stacks: typeof everything) =>
    resourcesOf(stacks, 'google_secret_manager_secret').map(({ values }) => values['secret_id']);
  expect(ids(everything)).toEqual(['zerodrop-webhook', 'zerodrop-single-sign-on', 'zerodrop-github-app']);
  expect(ids(production)).toEqual([]);
});

test('mails about the budget where there is one, and turns on what that needs', () => {
  expect(block(everything, 'bootstrap', 'google_billing_budget.budget')).toMatchObject({
    amount: { specified_amount: { units: '500' } },
    budget_filter: { projects: ['projects/123456789012'] },
    depends_on: ['google_project_service.api_billingbudgets'],
  });
  expect(resourcesOf(production, 'google_billing_budget')).toEqual([]);
});

test('leaves services on when the stack goes', () => {
  for (const { values } of resourcesOf(everything, 'google_project_service')) {
    expect(values['disable_on_destroy']).toBe(false);
  }
});
