import { IamWorkloadIdentityPoolProvider } from '@cdktf/provider-google/lib/iam-workload-identity-pool-provider/index.js';
import { IamWorkloadIdentityPool } from '@cdktf/provider-google/lib/iam-workload-identity-pool/index.js';
import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformStack } from 'cdktf';
import type { GitHubSettings } from '../../settings/google.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { accountId, identities, type IdentityName, jobIdentities, type JobIdentity } from '../identities.ts';
import { create } from '../stack.ts';
import type { EnabledApis } from './project.ts';

/** Reaching the control plane by its DNS name. What may be done there is the cluster's own RBAC (argocd/access.ts). */
const connect = ['container.clusters.connect', 'container.clusters.get', 'resourcemanager.projects.get'];

/** What Terraform reads to compare the platform with its state, resource by resource. */
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

/** The same for certificates, which only host names have. */
const readCertificates = [
  'certificatemanager.certmapentries.get',
  'certificatemanager.certmaps.get',
  'certificatemanager.certs.get',
  'certificatemanager.dnsauthorizations.get',
];

/** The same for what watches services. */
const readMonitoring = [
  'monitoring.alertPolicies.get',
  'monitoring.dashboards.get',
  'monitoring.notificationChannels.get',
  'monitoring.services.get',
  'monitoring.slos.get',
  'monitoring.uptimeCheckConfigs.get',
];

/** What the owner has besides the cluster, by which some rights are needed. */
export interface Besides {
  /** Host names with certificates. */
  readonly isCertified: boolean;
  /** Services that promise something. */
  readonly isWatched: boolean;
}

/** Two roles of our own, because Google's ready-made viewers read far more than these jobs need. */
function roles(
  stack: TerraformStack,
  google: Google,
  enabled: EnabledApis,
  { isCertified, isWatched }: Besides,
): Readonly<Record<'plan' | 'verify', ProjectIamCustomRole>> {
  const role = (name: string, title: string, permissions: readonly string[]) =>
    create(ProjectIamCustomRole, stack, `role_${name}`, {
      project: google.project,
      // A role's id takes no hyphens.
      roleId: `${google.name.replaceAll('-', '_')}_${name}`,
      title,
      permissions: permissions.toSorted(),
      dependsOn: [enabled.iam],
    });
  const more = [...(isCertified ? readCertificates : []), ...(isWatched ? readMonitoring : [])];
  return {
    plan: role('plan', 'Plans the cluster', [...connect, ...readPlatform, ...more]),
    verify: role('verify', 'Watches rollouts', connect),
  };
}

const descriptions: Readonly<Record<IdentityName, string>> = {
  nodes: 'Nodes of the cluster: writes logs and metrics, pulls images.',
  push: 'CI: pushes images.',
  plan: 'CI: reads the platform and shows what an apply would change.',
  apply: 'CI: applies platform and argocd, never bootstrap.',
  verify: 'CI: watches rollouts and asks Argo CD for a refresh.',
};

/** The least that each may do in the project. Rights on single things (images, state) are granted there. */
function projectRoles(
  stack: TerraformStack,
  google: Google,
  enabled: EnabledApis,
  besides: Besides,
): Readonly<Record<IdentityName, readonly string[]>> {
  const { isCertified, isWatched } = besides;
  const custom = roles(stack, google, enabled, besides);
  return {
    nodes: ['roles/container.defaultNodeServiceAccount'],
    push: [],
    plan: [custom.plan.id],
    apply: [
      'roles/artifactregistry.admin',
      'roles/compute.networkAdmin',
      // Admin, because installing Argo CD makes cluster roles.
      'roles/container.admin',
      ...(isCertified ? ['roles/certificatemanager.owner'] : []),
      ...(isWatched ? ['roles/monitoring.editor'] : []),
    ],
    verify: [custom.verify.id],
  };
}

/**
 * Every identity and its rights, made where only a person applies: nothing that CI can become may change what CI may do.
 */
export function serviceAccounts(
  stack: TerraformStack,
  google: Google,
  enabled: EnabledApis,
  besides: Besides,
): Readonly<Record<IdentityName, ServiceAccount>> {
  const make = (name: IdentityName) =>
    create(ServiceAccount, stack, name, {
      project: google.project,
      accountId: accountId(google, name),
      displayName: accountId(google, name),
      description: descriptions[name],
      dependsOn: [enabled.iam],
    });
  const accounts = {
    nodes: make('nodes'),
    push: make('push'),
    plan: make('plan'),
    apply: make('apply'),
    verify: make('verify'),
  };
  const granted = projectRoles(stack, google, enabled, besides);
  for (const name of identities) {
    for (const role of granted[name]) {
      create(ProjectIamMember, stack, `${name}_${shortName(role)}`, {
        project: google.project,
        role,
        member: accounts[name].member,
        dependsOn: [enabled.projects],
      });
    }
  }
  // A node pool is made by whoever may act as its account: this one and no other.
  create(ServiceAccountIamMember, stack, 'apply_as_nodes', {
    serviceAccountId: accounts.nodes.name,
    role: 'roles/iam.serviceAccountUser',
    member: accounts.apply.member,
  });
  return accounts;
}

/** `roles/compute.networkAdmin` as `compute_networkAdmin`; a role of ours as `custom`. */
function shortName(role: string): string {
  return role.startsWith('roles/') ? role.slice('roles/'.length).replaceAll('.', '_') : 'custom';
}

const main = 'refs/heads/main';
const planning = 'cluster-plan';

/**
 * Which job of the repository may become which identity: one on this branch, and for all but a push in this environment.
 *
 * The branch is part of it because an environment alone is a name: GitHub makes a missing one on first use, without rules,
 * for whoever may push a branch. Only `plan`, which may read, is for jobs of every branch: pull requests are planned by it.
 */
export const places: Readonly<Record<JobIdentity, string>> = {
  push: main,
  verify: `environment:release:${main}`,
  plan: `environment:${planning}`,
  apply: `environment:cluster:${main}`,
};

/**
 * Where a job runs, from its token: the environment and the branch, or the branch alone. The latter only of a token that
 * was issued for it: under `pull_request_target` the claim `ref` says main as well, but the subject does not. No branch has
 * a colon in its name, so what follows the last one is the branch.
 *
 * Not the subject itself: GitHub writes names into it for old repositories and numbers for those made since June 2026.
 */
const place =
  "assertion.sub.contains(':environment:') ? " +
  `(assertion.environment == '${planning}' ? 'environment:${planning}' : ` +
  "'environment:' + assertion.environment + ':' + assertion.ref) : " +
  "assertion.sub.endsWith(':ref:' + assertion.ref) ? assertion.ref : 'elsewhere'";

/** Lets the jobs of one GitHub repository become our service accounts, without a key. */
export function federation(
  stack: TerraformStack,
  google: Google,
  github: GitHubSettings,
  accounts: Readonly<Record<IdentityName, ServiceAccount>>,
  enabled: EnabledApis,
): IamWorkloadIdentityPoolProvider {
  const pool = create(IamWorkloadIdentityPool, stack, 'github', {
    project: google.project,
    workloadIdentityPoolId: `${google.name}-github`,
    description: 'Jobs of the one repository.',
    dependsOn: [enabled.iam],
  });
  const provider = create(IamWorkloadIdentityPoolProvider, stack, 'github_provider', {
    project: google.project,
    workloadIdentityPoolId: pool.workloadIdentityPoolId,
    workloadIdentityPoolProviderId: 'github',
    oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
    attributeMapping: {
      // At most 127 characters, and it leads from an audit log to the run and to who started it.
      'google.subject':
        "'repository:' + assertion.repository_id + ':run:' + assertion.run_id + ':actor:' + assertion.actor_id",
      'attribute.place': place,
    },
    // Numbers, because a name can be given up and taken by someone else.
    attributeCondition: `assertion.repository_owner_id == '${github.ownerId}' && assertion.repository_id == '${github.repositoryId}'`,
  });
  for (const name of jobIdentities) {
    create(ServiceAccountIamMember, stack, `github_as_${name}`, {
      serviceAccountId: accounts[name].name,
      role: 'roles/iam.workloadIdentityUser',
      member: `principalSet://iam.googleapis.com/${pool.name}/attribute.place/${places[name]}`,
    });
  }
  return provider;
}
