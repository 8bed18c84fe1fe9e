import type { Cluster } from 'zerodrop/rollout';
import { type Manifest, objectPath } from './resources.ts';

/** How an object is sent: for real, or to be judged and forgotten. */
export type Earnest = 'for real' | 'dry run';

/** Applies an object as Argo CD would, server-side, but strictly: an unknown field is refused. Returns what is wrong. */
export async function apply(cluster: Cluster, manifest: Manifest, earnest: Earnest): Promise<readonly string[]> {
  const name = `${manifest.kind} ${manifest.metadata.name}`;
  try {
    const { warnings } = await cluster.request({
      method: 'PATCH',
      path: await objectPath(cluster, manifest),
      query: { fieldManager: 'zerodrop-preflight', force: 'true', fieldValidation: 'Strict', ...dry(earnest) },
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(manifest),
    });
    return warnings.map((warning) => `${name}: the API server warns: ${warning}`);
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/**
 * Asks whether a pod made from this template would be admitted. Pod Security is enforced on pods alone: a Deployment that breaks
 * it is accepted, and never gets a pod.
 */
export async function admitPod(cluster: Cluster, namespace: string, template: PodTemplate): Promise<readonly string[]> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: 'zerodrop-preflight' },
    spec: template.spec,
  };
  try {
    const { warnings } = await cluster.request({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { fieldValidation: 'Strict', ...dry('dry run') },
      body: JSON.stringify(pod),
    });
    return warnings.map((warning) => `A pod of the Deployment: the API server warns: ${warning}`);
  } catch (error) {
    return [`A pod of the Deployment: ${error instanceof Error ? error.message : String(error)}`];
  }
}

export interface PodTemplate {
  readonly metadata?: object;
  readonly spec: object;
}

function dry(earnest: Earnest): Record<string, string> {
  return earnest === 'dry run' ? { dryRun: 'All' } : {};
}
