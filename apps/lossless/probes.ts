import { k8s } from 'cdk8s-plus-28';
import { probePeriodSeconds } from './rollout-time.ts';
import type { Rollout } from './rollout.ts';

type Probes = Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'>;

const get = (path: string, port: number): Pick<k8s.Probe, 'httpGet'> => ({
  httpGet: { path, port: k8s.IntOrString.fromNumber(port) },
});

// Three missed looks at 10 s: a restart loses requests, so it is for a process that is stuck, not for a busy one.
const liveness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };

/** The probes of a container that answers `/livez` and `/readyz` on this port. */
export function probes(rollout: Rollout, port: number): Probes {
  if (rollout.probes === 'liveness-only') {
    // Without a startup probe, liveness has to wait out the slowest start by itself.
    return {
      livenessProbe: { ...get('/livez', port), initialDelaySeconds: rollout.startupSeconds, ...liveness },
    };
  }
  return {
    startupProbe: {
      ...get('/livez', port),
      periodSeconds: probePeriodSeconds,
      failureThreshold: Math.ceil(rollout.startupSeconds / probePeriodSeconds),
    },
    readinessProbe: { ...get('/readyz', port), periodSeconds: probePeriodSeconds, failureThreshold: 3 },
    livenessProbe: { ...get('/livez', port), ...liveness },
  };
}
