import type { ApplicationObservation, DeploymentObservation, HealthStatus } from '../../../rollout/watch.ts';
import { type Fields, identity, type Manifest } from '../../manifests/object.ts';
import type { Application } from './application.ts';

/** The objects of a cluster, one by one. Every method throws what the cluster says. */
export interface LiveObjects {
  /** The object that the manifest names, as it is now; null where it does not exist. */
  read(manifest: Manifest): Promise<Manifest | null>;
  create(manifest: Manifest): Promise<void>;
  patch(manifest: Manifest, patch: Fields): Promise<void>;
  remove(manifest: Manifest): Promise<void>;
}

/** Says what is wrong with an object's fields, a sentence each; nothing where they are right. */
export type Validate = (manifest: Manifest) => Promise<readonly string[]> | readonly string[];

/** The cluster and the tools that the sync agent works with. */
export interface AgentContext {
  /** The agent's own repository, into which it fetches. */
  readonly checkoutDirectory: string;
  readonly objects: LiveObjects;
  /** Health of an object that exists. */
  readonly healthOf: (manifest: Manifest) => Promise<Health>;
  readonly validate: Validate;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/** Who hears of an application. */
export interface Listener {
  status(application: Application, status: ApplicationObservation): void;
  /** The objects that the newest commit wants. */
  wanted(application: Application, manifests: readonly Manifest[]): void;
  /** The root folder, or the cluster, can't be read; applications stay as they were. */
  failed(message: string): void;
}

/** Reads the objects that manifests name, as they are now, by identity. */
export async function readLive(
  { objects }: Pick<AgentContext, 'objects'>,
  manifests: readonly Manifest[],
): Promise<Map<string, Manifest>> {
  const found = await Promise.all(manifests.map(async (manifest) => objects.read(manifest)));
  return new Map(found.filter((live) => live !== null).map((live) => [identity(live), live]));
}

/** The health of an application with these objects, as it is now. */
export async function assess(context: AgentContext, manifests: readonly Manifest[]): Promise<Health> {
  const live = await readLive(context, manifests);
  const exists = (manifest: Manifest): boolean => live.has(identity(manifest));
  return worst(await Promise.all(manifests.map(async (one) => (exists(one) ? context.healthOf(one) : missing))));
}

/** Health of an object or an application, and why. */
export interface Health {
  readonly status: HealthStatus;
  readonly message: string | null;
}

export const healthy: Health = { status: 'Healthy', message: null };

export const missing: Health = { status: 'Missing', message: null };

/** How far a Deployment's rollout is. */
export interface DeploymentProgress {
  readonly deployment: DeploymentObservation;
  /** The controller has acted on the newest template. */
  readonly seen: boolean;
  readonly paused: boolean;
  /** Pods of every template. */
  readonly pods: number;
  /** Available pods of the newest template. */
  readonly updatedAvailable: number;
}

/** Health of a Deployment by Argo CD's rules (gitops-engine/pkg/health/health_deployment.go). */
export function deploymentHealth(name: string, state: DeploymentProgress): Health {
  const { replicas, updated, failure } = state.deployment;
  if (state.paused) return { status: 'Suspended', message: 'Deployment is paused' };
  if (failure !== null) return { status: 'Degraded', message: `Deployment "${name}" exceeded its progress deadline` };
  if (!state.seen) return waiting('observed deployment generation less than desired generation');
  if (updated < replicas) return waiting(`${updated} out of ${replicas} new replicas have been updated`);
  if (state.pods > updated) return waiting(`${state.pods - updated} old replicas are pending termination`);
  if (state.updatedAvailable < updated) {
    return waiting(`${state.updatedAvailable} of ${updated} updated replicas are available`);
  }
  return healthy;
}

function waiting(what: string): Health {
  return { status: 'Progressing', message: `Waiting for rollout to finish: ${what}...` };
}

/** From best to worst (gitops-engine/pkg/health/health.go). */
const order: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/** The health of an application: that of its worst object. */
export function worst(healths: readonly Health[]): Health {
  return healths.reduce(
    (one, other) => (order.indexOf(other.status) > order.indexOf(one.status) ? other : one),
    healthy,
  );
}
