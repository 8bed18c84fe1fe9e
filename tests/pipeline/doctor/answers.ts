import type { Answer, Ask } from '../../../pipeline/doctor/finding.ts';

/** Answers of an API by their addresses, written by hand in its published shapes (api-shapes.test.ts); what is not among them is not there. */
export type Answers = Readonly<Record<string, unknown>>;

/** An answer that is no 200. */
export function refused(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } };
}

/** Asks these answers; `others` replace some. */
export function asking(answers: Answers, others: Answers = {}): Ask {
  // As JSON has it: a field that is undefined is not there.
  const all: Answers = JSON.parse(JSON.stringify({ ...answers, ...others }));
  return async (address) => {
    const answer = all[address];
    if (answer === undefined) return refused(404, 'Not Found');
    return isAnswer(answer) ? answer : { status: 200, body: answer };
  };
}

function isAnswer(answer: unknown): answer is Answer {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'body' in answer && !('id' in answer);
}

const team = {
  id: 7,
  node_id: 'MDQ6VGVhbTc=',
  name: 'Platform',
  slug: 'platform',
  privacy: 'closed',
  permission: 'push',
};
const repository = '/repos/acme/shop';

const environment = (name: string, rules: readonly object[], policy: object | null) => ({
  id: 161_088_068,
  node_id: 'MDExOkVudmlyb25tZW50MTYxMDg4MDY4',
  name,
  url: `https://api.github.com/repos/acme/shop/environments/${name}`,
  html_url: `https://github.com/acme/shop/deployments/activity_log?environments_filter=${name}`,
  created_at: '2026-11-23T22:00:40Z',
  updated_at: '2026-11-23T22:00:40Z',
  protection_rules: rules,
  deployment_branch_policy: policy,
});
const custom = { protected_branches: false, custom_branch_policies: true };
const branchRule = { id: 3_736, node_id: 'MDQ6R2F0ZTM3MzY=', type: 'branch_policy' };
const main = { total_count: 1, branch_policies: [{ id: 361_471, node_id: 'MDE2', name: 'main', type: 'branch' }] };

/** The reviewers of an environment. */
const reviewed = {
  id: 3_755,
  node_id: 'MDQ6R2F0ZTM3NTU=',
  prevent_self_review: false,
  type: 'required_reviewers',
  reviewers: [{ type: 'Team', reviewer: team }],
};

/** The environment of applies without reviewers. */
export const unreviewed = environment('cluster', [branchRule], custom);

/** A repository of an organisation in which everything is set up. */
export const gitHub: Answers = {
  [repository]: {
    id: 815,
    node_id: 'R_815',
    name: 'shop',
    full_name: 'acme/shop',
    private: true,
    owner: { login: 'acme', id: 4_711, type: 'Organization', site_admin: false },
    html_url: 'https://github.com/acme/shop',
    fork: false,
    default_branch: 'main',
    visibility: 'private',
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
  },
  '/orgs/acme': { login: 'acme', id: 4_711, plan: { name: 'enterprise', space: 976_562_499, private_repos: 999_999 } },
  '/orgs/acme/teams/platform': team,
  [`${repository}/actions/permissions`]: { enabled: true, allowed_actions: 'all', sha_pinning_required: false },
  [`${repository}/actions/workflows?per_page=100`]: {
    total_count: 2,
    workflows: [
      { id: 1, name: 'check', path: '.github/workflows/check.yaml', state: 'active' },
      { id: 2, name: 'release', path: '.github/workflows/release.yaml', state: 'active' },
    ],
  },
  [`${repository}/actions/permissions/workflow`]: {
    default_workflow_permissions: 'read',
    can_approve_pull_request_reviews: false,
  },
  [`${repository}/actions/oidc/customization/sub`]: { use_default: true },
  [`${repository}/environments/release`]: environment('release', [branchRule], custom),
  [`${repository}/environments/release/deployment-branch-policies`]: main,
  [`${repository}/environments/release/variables/RELEASE_APP_CLIENT_ID`]: {
    name: 'RELEASE_APP_CLIENT_ID',
    value: 'Iv23x',
  },
  [`${repository}/environments/release/secrets/RELEASE_APP_KEY`]: {
    name: 'RELEASE_APP_KEY',
    created_at: '2026-11-24T08:00:00Z',
    updated_at: '2026-11-24T08:00:00Z',
  },
  [`${repository}/environments/cluster-plan`]: environment('cluster-plan', [], null),
  [`${repository}/environments/cluster`]: environment('cluster', [branchRule, reviewed], custom),
  [`${repository}/environments/cluster/deployment-branch-policies`]: main,
  [`${repository}/actions/variables/RELEASE_APP_SLUG`]: { name: 'RELEASE_APP_SLUG', value: 'shop-release' },
  [`${repository}/actions/variables/GOOGLE_WORKLOAD_IDENTITY_PROVIDER`]: {
    name: 'GOOGLE_WORKLOAD_IDENTITY_PROVIDER',
    value: 'projects/1/locations/global/workloadIdentityPools/zerodrop-github/providers/github',
  },
  '/apps/shop-release': {
    id: 42,
    slug: 'shop-release',
    client_id: 'Iv23x',
    owner: { login: 'acme', id: 4_711 },
    permissions: { contents: 'write', metadata: 'read', pull_requests: 'write' },
    events: [],
  },
  '/orgs/acme/installations?per_page=100': {
    total_count: 1,
    installations: [
      { id: 25_381, app_id: 42, app_slug: 'shop-release', repository_selection: 'selected', suspended_at: null },
    ],
  },
  [`${repository}/rulesets?includes_parents=false&per_page=100`]: [
    { id: 21, name: 'main', target: 'branch', source_type: 'Repository', source: 'acme/shop', enforcement: 'active' },
  ],
  [`${repository}/rulesets/21`]: {
    id: 21,
    name: 'main',
    target: 'branch',
    source_type: 'Repository',
    source: 'acme/shop',
    enforcement: 'active',
    conditions: { ref_name: { exclude: [], include: ['~DEFAULT_BRANCH'] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          required_reviewers: [],
          require_code_owner_review: true,
          require_last_push_approval: true,
          required_review_thread_resolution: false,
          allowed_merge_methods: ['merge', 'squash', 'rebase'],
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          do_not_enforce_on_create: false,
          required_status_checks: [{ context: 'cluster' }, { context: 'check', integration_id: 15_368 }],
        },
      },
    ],
    node_id: 'RRS_21',
    bypass_actors: [{ actor_id: 42, actor_type: 'Integration', bypass_mode: 'always' }],
    current_user_can_bypass: 'never',
  },
  [`${repository}/codeowners/errors`]: { errors: [] },
};
