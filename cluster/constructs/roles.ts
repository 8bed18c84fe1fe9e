import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import type { EnabledApis } from './apis.ts';

/** Reaching the control plane by its DNS name. What may be done there is the cluster's own RBAC (argocd/access.ts). */
const connect = ['container.clusters.connect', 'container.clusters.get', 'resourcemanager.projects.get'];

/** What Terraform reads to compare the platform with its state, resource by resource. */
const readPlatform = [
  'artifactregistry.repositories.get',
  'artifactregistry.repositories.getIamPolicy',
  'compute.instanceGroupManagers.get',
  'compute.networks.get',
  'compute.routers.get',
  'compute.subnetworks.get',
];

/** The same for what only a public Argo CD has. */
const readGateway = [
  'certificatemanager.certmapentries.get',
  'certificatemanager.certmaps.get',
  'certificatemanager.certs.get',
  'compute.globalAddresses.get',
];

/** Two roles of our own, because Google's ready-made viewers read far more than these jobs need. */
export function roles(
  stack: TerraformStack,
  google: Google,
  enabled: EnabledApis,
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
  const gateway = google.argocd.domain === null ? [] : readGateway;
  return {
    plan: role('plan', 'Plans the cluster', [...connect, ...readPlatform, ...gateway]),
    verify: role('verify', 'Watches rollouts', connect),
  };
}
