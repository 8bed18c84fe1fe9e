import type { ManifestObject } from './documents.ts';

// The group is part of a kind: serving.knative.dev has a Service too, and it is another thing.

export function isDeployment(object: ManifestObject | null): object is ManifestObject {
  return object?.kind === 'Deployment' && object.apiVersion.startsWith('apps/');
}

export function isService(object: ManifestObject | null): object is ManifestObject {
  return object?.kind === 'Service' && object.apiVersion === 'v1';
}

export function isNamespace(object: ManifestObject | null): object is ManifestObject {
  return object?.kind === 'Namespace' && object.apiVersion === 'v1';
}
