import { places } from '../constructs/federation.ts';
import { identities, jobIdentities } from '../identities.ts';
import type { Block, Stacks } from '../terraform-json.ts';
import { resourcesOf, textAt } from '../terraform-json.ts';
import { where } from './block.ts';

/** Every role that may be granted, and to whom. A new one is a decision: add it here, with the pull request that says why. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'roles/artifactregistry.admin': ['apply'],
  'roles/artifactregistry.reader': ['nodes'],
  'roles/artifactregistry.writer': ['push'],
  'roles/certificatemanager.owner': ['apply'],
  'roles/compute.networkAdmin': ['apply'],
  'roles/container.admin': ['apply'],
  'roles/container.defaultNodeServiceAccount': ['nodes'],
  'roles/iam.serviceAccountUser': ['apply'],
  'roles/iam.workloadIdentityUser': [],
  'roles/storage.legacyBucketReader': ['apply'],
  'roles/storage.objectCreator': ['plan'],
  'roles/storage.objectUser': ['apply'],
  'roles/storage.objectViewer': ['plan', 'apply'],
};

// With any of these in a role of ours, its holder could give itself the rest.
const escalating =
  /\*|setIamPolicy$|\.actAs$|getAccessToken$|signBlob$|signJwt$|serviceAccountKeys\.|roles\.(?:create|update)$/;

// Rights to write objects, and so states: each needs a condition.
const writing = new Set(['roles/storage.objectUser', 'roles/storage.objectCreator']);

// Everything that CI may write. The state of bootstrap is not among it: its writer could rewrite everyone's rights.
const writable = /^resource\.name\.startsWith\("projects\/_\/buckets\/[^/"]+\/objects\/(?:platform|argocd|plans)\/"\)$/;

/** Only known rights, only for the known identity, and none for everybody. */
export function rightsPolicy(stacks: Stacks): string[] {
  const grants = resourcesOf(stacks).filter(({ type }) => /_iam_(?:member|binding|policy)$/.test(type));
  const roles = resourcesOf(stacks, 'google_project_iam_custom_role');
  const accounts = accountsOf(stacks);
  return [
    ...grants.flatMap((grant) => [
      ...scope(grant),
      ...role(grant, accounts),
      ...principal(grant),
      ...writesStates(grant),
    ]),
    ...roles.flatMap(permissions),
  ];
}

/** Each identity as a member: by reference, and by the address that its account will have. */
function accountsOf(stacks: Stacks): ReadonlyMap<string, readonly string[]> {
  const blocks = resourcesOf(stacks, 'google_service_account');
  return new Map(
    identities.map((name) => [
      name,
      [
        `\${google_service_account.${name}.member}`,
        ...blocks
          .filter(({ address }) => address === `google_service_account.${name}`)
          .map(
            ({ values }) =>
              `serviceAccount:${textAt(values, 'account_id')}@${textAt(values, 'project')}.iam.gserviceaccount.com`,
          ),
      ],
    ]),
  );
}

function scope(grant: Block): string[] {
  if (grant.type.endsWith('_member')) return [];
  return [
    `${where(grant)}: takes rights away from everyone it does not name. Use ${grant.type.replace(/_[a-z]+$/, '_member')}.`,
  ];
}

function role(grant: Block, accounts: ReadonlyMap<string, readonly string[]>): string[] {
  const name = textAt(grant.values, 'role');
  const [, own] = /^\$\{google_project_iam_custom_role\.role_(\w+)\.id\}$/.exec(name) ?? [];
  const holders = own === undefined ? allowed[name] : [own];
  if (holders === undefined) {
    return [
      `${where(grant)}: ${name} is not among the roles of cluster/policy/rights.ts. Grant a smaller one, or add it there with its holder.`,
    ];
  }
  const member = textAt(grant.values, 'member');
  if (name === 'roles/iam.workloadIdentityUser') {
    if (jobIdentities.some((job) => isPlaceOf(job, grant, member))) return [];
    return [
      `${where(grant)}: ${name} is not for the place of that account's own jobs. Use principalSet://…/attribute.place/…, with the place in cluster/constructs/federation.ts.`,
    ];
  }
  if (holders.some((holder) => accounts.get(holder)?.includes(member) === true)) return [];
  return [`${where(grant)}: ${name} is for ${holders.join(', ')} alone, not for ${member}. Grant a smaller one.`];
}

function isPlaceOf(job: keyof typeof places, grant: Block, member: string): boolean {
  return (
    textAt(grant.values, 'service_account_id') === `\${google_service_account.${job}.name}` &&
    member ===
      `principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.github.name}/attribute.place/${places[job]}`
  );
}

function writesStates(grant: Block): string[] {
  const name = textAt(grant.values, 'role');
  if (!grant.type.startsWith('google_storage_bucket_iam_') || !writing.has(name)) return [];
  const parts = textAt(grant.values, 'condition.expression').split(' || ');
  if (parts.every((part) => writable.test(part))) return [];
  return [
    `${where(grant)}: ${name} is not limited to objects under platform/, argocd/ or plans/, so CI could rewrite the state of bootstrap, and with it every right. Give it a condition (cluster/constructs/state.ts).`,
  ];
}

function principal(grant: Block): string[] {
  const member = textAt(grant.values, 'member');
  if (!/^all(?:Authenticated)?Users$|\*/.test(member)) return [];
  return [`${where(grant)}: its member is ${member}, which is everybody. Name who needs it.`];
}

function permissions(custom: Block): string[] {
  const listed = custom.values['permissions'];
  const names = Array.isArray(listed) ? listed.map(String) : [];
  return names
    .filter((name) => escalating.test(name))
    .map((name) => `${where(custom)}: ${name} lets its holder take further rights. Leave it out.`);
}
