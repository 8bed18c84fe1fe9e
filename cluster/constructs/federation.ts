import { IamWorkloadIdentityPoolProvider } from '@cdktf/provider-google/lib/iam-workload-identity-pool-provider/index.js';
import { IamWorkloadIdentityPool } from '@cdktf/provider-google/lib/iam-workload-identity-pool/index.js';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member/index.js';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformStack } from 'cdktf';
import type { GitHubSettings } from '../../settings/google.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { type IdentityName, type JobIdentity, jobIdentities } from '../identities.ts';
import { create } from '../stack.ts';
import type { EnabledApis } from './project.ts';

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
