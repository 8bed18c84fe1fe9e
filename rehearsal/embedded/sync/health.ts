import type { HealthStatus } from 'zerodrop/rollout';
import type { RolloutState } from '../cluster/rollout-state.ts';

/** Health of an object or an application, and why. */
export interface Health {
  readonly status: HealthStatus;
  readonly message: string | null;
}

export const healthy: Health = { status: 'Healthy', message: null };

export const missing: Health = { status: 'Missing', message: null };

/** Health of a Deployment by Argo CD's rules (gitops-engine/pkg/health/health_deployment.go). */
export function deploymentHealth(name: string, state: RolloutState): Health {
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
