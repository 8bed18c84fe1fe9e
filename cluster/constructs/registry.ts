import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js';
import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository/index.js';
import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster/index.js';
import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { admissionAccount, member } from '../identities.ts';
import { create } from '../stack.ts';

/** An Artifact Registry repository, as `settings.image` names it. */
export interface ImageRepository {
  readonly location: string;
  readonly repositoryId: string;
}

/** The repository that an image is kept in; null where it is in another registry than the project's own. */
export function imageRepository(image: string, google: Google): ImageRepository | null {
  const match = /^([a-z]+(?:-[a-z]+\d+)?)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\/./.exec(image);
  const [, location = '', project, repositoryId = ''] = match ?? [];
  return project === google.project ? { location, repositoryId } : null;
}

/** The images: tags that stay what they are, scanned, and kept; `otherNodes` may pull them as well. */
export function registry(
  stack: TerraformStack,
  google: Google,
  within: ContainerCluster,
  { location, repositoryId }: ImageRepository,
  otherNodes: Readonly<Record<string, string>>,
): ArtifactRegistryRepository {
  const repository = create(ArtifactRegistryRepository, stack, 'images', {
    repositoryId,
    location,
    format: 'DOCKER',
    description: 'Images of the service, deployed by digest.',
    // A tag says for good what was built; a second push of it is refused.
    dockerConfig: { immutableTags: true },
    // Each image is scanned when it is pushed, as the project says (containerscanning.googleapis.com).
    vulnerabilityScanningConfig: { enablementConfig: 'INHERITED' },
    // Every release has a tag, and a tagged image of an immutable repository can't be deleted: releases stay for good, so
    // that a new node can always pull what runs. What goes is what no tag ever named, once it is old and not recent.
    cleanupPolicies: [
      { id: 'keep-recent', action: 'KEEP', mostRecentVersions: { keepCount: 100 } },
      { id: 'delete-untagged', action: 'DELETE', condition: { olderThan: '15552000s', tagState: 'UNTAGGED' } },
    ],
    // With it would go every image that runs, and that a rollback needs.
    lifecycle: { preventDestroy: google.deletionProtection },
  });
  const grant = (id: string, role: string, to: string) =>
    create(ArtifactRegistryRepositoryIamMember, stack, `images_${id}`, {
      project: google.project,
      location,
      repository: repository.name,
      role,
      member: to,
    });
  grant('nodes', 'roles/artifactregistry.reader', member(google, 'nodes'));
  grant('push', 'roles/artifactregistry.writer', member(google, 'push'));
  // Reads the signature of what a pull request pins.
  grant('plan', 'roles/artifactregistry.reader', member(google, 'plan'));
  if (google.admission !== 'off') {
    const { number } = create(DataGoogleProject, stack, 'own_project', { projectId: google.project });
    // A pod's own identity. Its pool comes with the first cluster of the project.
    create(ArtifactRegistryRepositoryIamMember, stack, 'images_admission', {
      project: google.project,
      location,
      repository: repository.name,
      role: 'roles/artifactregistry.reader',
      member: `principal://iam.googleapis.com/projects/${number}/locations/global/workloadIdentityPools/${google.project}.svc.id.goog/subject/${admissionAccount}`,
      dependsOn: [within],
    });
  }
  // The nodes of other clusters, whichever project these are in.
  for (const [cluster, account] of Object.entries(otherNodes)) {
    grant(`nodes_${cluster}`, 'roles/artifactregistry.reader', `serviceAccount:${account}`);
  }
  return repository;
}
