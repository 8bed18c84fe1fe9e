import { type Shape, type ShapeObject, because, given, mapOf, optional, setOf, text } from '../shape.ts';
import { account, type Owner, stateBucket, stateRights, terraformBlock } from './owner.ts';

const accounts = ['nodes', 'push', 'plan', 'apply', 'verify'] as const;

/** Where a job has to run to become an identity: an environment, and the branch too for what changes anything. */
const places = {
  push: 'refs/heads/main',
  verify: 'environment:release:refs/heads/main',
  plan: 'environment:cluster-plan',
  apply: 'environment:cluster:refs/heads/main',
} as const;

// Of its own accord Google turns on what these need.
const apis =
  'artifactregistry cloudresourcemanager compute container containerscanning containersecurity dns iam ' +
  'iamcredentials logging monitoring secretmanager serviceusage storage sts';

function services(owner: Owner): ShapeObject {
  const names = apis.split(' ');
  if (owner.certified) names.push('certificatemanager');
  if (owner.budget) names.push('billingbudgets');
  const enabled = (name: string) => ({
    project: owner.project,
    service: `${name}.googleapis.com`,
    disable_on_destroy: because(false, 'others in the project could lose it'),
  });
  return Object.fromEntries(names.map((name) => [`api_${name}`, enabled(name)]));
}

const reachCluster = ['container.clusters.connect', 'container.clusters.get', 'resourcemanager.projects.get'];

/** Reading alone: with any right to write, a pull request that plans could change what runs. */
const readPlatform = [
  'artifactregistry.repositories.get',
  'artifactregistry.repositories.getIamPolicy',
  'compute.addresses.get',
  'compute.globalAddresses.get',
  'compute.instanceGroupManagers.get',
  'compute.networks.get',
  'compute.routers.get',
  'compute.subnetworks.get',
];
const readCertificates = [
  'certificatemanager.certmapentries.get',
  'certificatemanager.certmaps.get',
  'certificatemanager.certs.get',
  'certificatemanager.dnsauthorizations.get',
];

const readMonitoring = [
  'monitoring.alertPolicies.get',
  'monitoring.dashboards.get',
  'monitoring.notificationChannels.get',
  'monitoring.services.get',
  'monitoring.slos.get',
  'monitoring.uptimeCheckConfigs.get',
];

/** Every role in the project, and its holder. */
function projectRoles(owner: Owner): ShapeObject {
  const grant = (identity: string, role: string) => ({
    project: owner.project,
    role,
    member: `\${google_service_account.${identity}.member}`,
    depends_on: ['google_project_service.api_cloudresourcemanager'],
  });
  return {
    nodes_container_defaultNodeServiceAccount: grant('nodes', 'roles/container.defaultNodeServiceAccount'),
    plan_custom: grant('plan', '${google_project_iam_custom_role.role_plan.id}'),
    verify_custom: grant('verify', '${google_project_iam_custom_role.role_verify.id}'),
    apply_artifactregistry_admin: grant('apply', 'roles/artifactregistry.admin'),
    apply_compute_networkAdmin: grant('apply', 'roles/compute.networkAdmin'),
    apply_container_admin: grant('apply', 'roles/container.admin'),
    ...given(owner.certified, {
      apply_certificatemanager_owner: grant('apply', 'roles/certificatemanager.owner'),
    }),
    ...given(owner.watched, { apply_monitoring_editor: grant('apply', 'roles/monitoring.editor') }),
  };
}

function customRole(owner: Owner, name: string, title: string, permissions: Shape): ShapeObject {
  return {
    project: owner.project,
    role_id: `${owner.name.replaceAll('-', '_')}_${name}`,
    title,
    permissions: because(permissions, 'its holder may do what nobody has decided on'),
    depends_on: ['google_project_service.api_iam'],
  };
}

function job(identity: keyof typeof places): Shape {
  return {
    service_account_id: `\${google_service_account.${identity}.name}`,
    role: 'roles/iam.workloadIdentityUser',
    member: because(
      `principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.github.name}/attribute.place/${places[identity]}`,
      `other jobs than those of ${places[identity]} could become ${identity}`,
    ),
  };
}

/** Who may act as which service account: a job of the repository by its place, and `apply` as the nodes. */
function impersonation({ federated }: Owner): ShapeObject {
  return {
    apply_as_nodes: {
      service_account_id: '${google_service_account.nodes.name}',
      role: 'roles/iam.serviceAccountUser',
      member: '${google_service_account.apply.member}',
    },
    ...given(federated, {
      github_as_push: job('push'),
      github_as_plan: job('plan'),
      github_as_apply: job('apply'),
      github_as_verify: job('verify'),
    }),
  };
}

/** One pool, one provider, GitHub's issuer, the repository by its numbers, and the place that {@link places} names. */
function federation(owner: Owner): ShapeObject {
  return {
    google_iam_workload_identity_pool: {
      github: {
        project: owner.project,
        workload_identity_pool_id: `${owner.name}-github`,
        description: 'Jobs of the one repository.',
        depends_on: ['google_project_service.api_iam'],
      },
    },
    google_iam_workload_identity_pool_provider: {
      github_provider: {
        project: owner.project,
        workload_identity_pool_id: '${google_iam_workload_identity_pool.github.workload_identity_pool_id}',
        workload_identity_pool_provider_id: 'github',
        oidc: because(
          { issuer_uri: 'https://token.actions.githubusercontent.com' },
          'somebody else than GitHub says who a job is',
        ),
        attribute_mapping: {
          'google.subject':
            "'repository:' + assertion.repository_id + ':run:' + assertion.run_id + ':actor:' + assertion.actor_id",
          'attribute.place': because(
            "assertion.sub.contains(':environment:') ? " +
              "(assertion.environment == 'cluster-plan' ? 'environment:cluster-plan' : " +
              "'environment:' + assertion.environment + ':' + assertion.ref) : " +
              "assertion.sub.endsWith(':ref:' + assertion.ref) ? assertion.ref : 'elsewhere'",
            'a job could say that it runs in another place',
          ),
        },
        attribute_condition: because(
          /^assertion\.repository_owner_id == '\d+' && assertion\.repository_id == '\d+'$/,
          'jobs of other repositories could get in',
        ),
      },
    },
  };
}

/** All that `bootstrap` may be: every identity, every right in the project, and who may become whom. */
export function expectedBootstrap(owner: Owner): ShapeObject {
  return {
    terraform: terraformBlock(owner, 'bootstrap'),
    provider: {
      google: [
        {
          project: owner.project,
          region: owner.region,
          ...given(owner.budget, { billing_project: owner.project, user_project_override: true }),
        },
      ],
    },
    import: [{ to: 'google_storage_bucket.state', id: owner.stateBucket }],
    resource: {
      google_project_service: services(owner),
      google_service_account: Object.fromEntries(
        accounts.map((identity) => [
          identity,
          {
            project: owner.project,
            account_id: `${owner.name}-${identity}`,
            display_name: `${owner.name}-${identity}`,
            description: text,
            depends_on: ['google_project_service.api_iam'],
          },
        ]),
      ),
      google_project_iam_custom_role: {
        role_plan: customRole(
          owner,
          'plan',
          'Plans the cluster',
          setOf([
            ...reachCluster,
            ...readPlatform,
            ...(owner.certified ? readCertificates : []),
            ...(owner.watched ? readMonitoring : []),
          ]),
        ),
        role_verify: customRole(owner, 'verify', 'Watches rollouts', setOf(reachCluster)),
      },
      google_project_iam_member: projectRoles(owner),
      google_service_account_iam_member: impersonation(owner),
      google_storage_bucket: { state: stateBucket(owner) },
      google_storage_bucket_iam_member: stateRights(owner),
      ...given(owner.federated, federation(owner)),
      google_secret_manager_secret: optional(
        mapOf(/^secret_(?:webhook|single-sign-on|github-app)$/, (id) => ({
          project: owner.project,
          secret_id: `${owner.name}-${id.replace('secret_', '')}`,
          replication: { auto: {} },
          depends_on: ['google_project_service.api_secretmanager'],
        })),
      ),
      ...given(owner.budget, {
        google_billing_budget: {
          budget: {
            billing_account: text,
            display_name: /^project \d+$/,
            budget_filter: { projects: [/^projects\/\d+$/], calendar_period: 'MONTH' },
            amount: { specified_amount: { units: /^\d+$/ } },
            threshold_rules: [{ threshold_percent: 0.5 }, { threshold_percent: 0.9 }, { threshold_percent: 1 }],
            depends_on: ['google_project_service.api_billingbudgets'],
          },
        },
      }),
    },
    output: {
      ...given(owner.federated, {
        workload_identity_provider: {
          value: '${google_iam_workload_identity_pool_provider.github_provider.name}',
          description: 'GitHub variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER.',
        },
      }),
      ...Object.fromEntries(
        accounts
          .filter((identity) => identity !== 'nodes')
          .map((identity) => [`${identity}_service_account`, { value: account(owner, identity) }]),
      ),
    },
  };
}
