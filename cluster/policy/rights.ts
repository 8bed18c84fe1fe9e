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

/** Only known rights, only for the known identity, and none for everybody. */
export function rightsPolicy(stacks: Stacks): string[] {
  const grants = resourcesOf(stacks).filter(({ type }) => /_iam_(?:member|binding|policy)$/.test(type));
  const roles = resourcesOf(stacks, 'google_project_iam_custom_role');
  return [
    ...grants.flatMap((grant) => [...scope(grant), ...role(grant), ...principal(grant)]),
    ...roles.flatMap(permissions),
  ];
}

function scope(grant: Block): string[] {
  if (grant.type.endsWith('_member')) return [];
  return [
    `${where(grant)}: takes rights away from everyone it does not name. Use ${grant.type.replace(/_[a-z]+$/, '_member')}.`,
  ];
}

function role(grant: Block): string[] {
  const name = textAt(grant.values, 'role');
  if (name.startsWith('${google_project_iam_custom_role.')) return [];
  const holders = allowed[name];
  if (holders === undefined) {
    return [
      `${where(grant)}: ${name} is not among the roles of cluster/policy/rights.ts. Grant a smaller one, or add it there with its holder.`,
    ];
  }
  const member = textAt(grant.values, 'member');
  if (name === 'roles/iam.workloadIdentityUser') {
    if (member.startsWith('principalSet://') && member.includes('/attribute.place/')) return [];
    return [
      `${where(grant)}: ${name} is not for a place of the repository's jobs. Use principalSet://…/attribute.place/….`,
    ];
  }
  if (holders.some((holder) => member.includes(`google_service_account.${holder}.`) || member.includes(`-${holder}@`)))
    return [];
  return [`${where(grant)}: ${name} is for ${holders.join(', ')} alone, not for ${member}. Grant a smaller one.`];
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
