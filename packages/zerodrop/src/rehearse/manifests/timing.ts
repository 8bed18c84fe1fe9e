import { serviceContainer } from './changes.ts';
import { at, type Fields, type Manifest } from './object.ts';

/** How a Deployment replaces its pods, with every default. */
export interface RolloutNumbers {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** The time within which a rollout is expected to be complete. */
  readonly boundMs: number;
}

/**
 * Reads how a Deployment replaces its pods, whose process needs `startupMs` to its first answer.
 *
 * The Deployment controller keeps maxSurge + maxUnavailable pods in flight, so it works through the replicas in waves
 * (kubernetes/pkg/controller/deployment/rolling.go); each pod is charged a whole period of each of its probes.
 */
export function rolloutNumbers(deployment: Manifest, startupMs: number): RolloutNumbers {
  const spec = deployment['spec'];
  const replicas = Number(at(spec, 'replicas') ?? 1);
  const rolling = at(spec, 'strategy', 'rollingUpdate');
  const maxSurge = podsOf(at(rolling, 'maxSurge') ?? '25%', replicas, Math.ceil);
  const unavailable = podsOf(at(rolling, 'maxUnavailable') ?? '25%', replicas, Math.floor);
  // Kubernetes lets one pod go where nothing else would move.
  const maxUnavailable = maxSurge + unavailable === 0 ? 1 : unavailable;
  const waves = Math.ceil(replicas / (maxSurge + maxUnavailable));
  const container = serviceContainer(deployment);
  return { replicas, maxSurge, maxUnavailable, boundMs: waves * podBoundMs(deployment, container, startupMs) };
}

/** The time within which one pod is expected to become available. */
function podBoundMs(deployment: Manifest, container: Fields | undefined, startupMs: number): number {
  const minReadyMs = 1_000 * Number(at(deployment, 'spec', 'minReadySeconds') ?? 0);
  // Without a readiness probe a pod counts as ready once its process runs.
  if (at(container, 'readinessProbe') === undefined) return minReadyMs;
  return startupMs + periodMs(container, 'startupProbe') + periodMs(container, 'readinessProbe') + minReadyMs;
}

function periodMs(container: Fields | undefined, probe: string): number {
  const found = at(container, probe);
  return found === undefined ? 0 : 1_000 * Number(at(found, 'periodSeconds') ?? 10);
}

function podsOf(value: unknown, replicas: number, round: (pods: number) => number): number {
  return typeof value === 'string' ? round((Number.parseFloat(value) / 100) * replicas) : Number(value);
}
