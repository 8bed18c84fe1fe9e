import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js';
import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import type { IdentityName } from '../identities.ts';
import { member } from '../identities.ts';

/** Where the repository's images begin; `settings.image` has to. */
export function registryPath(google: Google): string {
  return `${google.region}-docker.pkg.dev/${google.project}/${google.name}/`;
}

/** The images: tags that stay what they are, scanned, and cleaned up behind us. */
export function registry(stack: TerraformStack, google: Google): ArtifactRegistryRepository {
  const repository = create(ArtifactRegistryRepository, stack, 'images', {
    repositoryId: google.name,
    location: google.region,
    format: 'DOCKER',
    description: 'Images of the service, deployed by digest.',
    // A tag says for good what was built; a second push of it is refused.
    dockerConfig: { immutableTags: true },
    // Each image is scanned when it is pushed, as the project says (containerscanning.googleapis.com).
    vulnerabilityScanningConfig: { enablementConfig: 'INHERITED' },
    // An image that production still runs must not go: a new node could not pull it. A release makes about four versions
    // (index, image, attestation, signature), so the last 25 releases stay however old they are.
    cleanupPolicies: [
      { id: 'keep-recent', action: 'KEEP', mostRecentVersions: { keepCount: 100 } },
      { id: 'delete-old', action: 'DELETE', condition: { olderThan: '15552000s', tagState: 'ANY' } },
    ],
  });
  const grant = (name: IdentityName, role: string) =>
    create(ArtifactRegistryRepositoryIamMember, stack, `images_${name}`, {
      project: google.project,
      location: google.region,
      repository: repository.name,
      role,
      member: member(google, name),
    });
  grant('nodes', 'roles/artifactregistry.reader');
  grant('push', 'roles/artifactregistry.writer');
  return repository;
}
