import type { k8s } from 'cdk8s-plus-28';
import { handler } from '../workload/kubernetes.ts';
import type { Probe } from '../workload/parts.ts';
import { probePeriodSeconds, type Rollout } from './arithmetic.ts';

/** What the kubelet asks of a service. */
export interface Asked {
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  /** What `liveness` asks unless said, else what `readiness` does. */
  readonly startup?: Probe;
}

/** Of a program that answers as the example service does. */
export const usualProbes: Asked = { readiness: { path: '/readyz' }, liveness: { path: '/livez' } };

// Three missed looks at 10 s: a restart loses requests, so it is for a process that is stuck, not for a busy one.
const liveness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };

/** The probes of a container. Those by path ask at this port, unless they say another. */
export function probes(
  asked: Asked,
  rollout: Pick<Rollout, 'probes' | 'startupSeconds'>,
  port: number,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const alive = asked.liveness === undefined ? undefined : { ...liveness, ...handler(asked.liveness, port) };
  if (rollout.probes === 'liveness-only') {
    // Without a startup probe, liveness has to wait out the slowest start by itself.
    return alive === undefined ? {} : { livenessProbe: { initialDelaySeconds: rollout.startupSeconds, ...alive } };
  }
  const startup = asked.startup ?? asked.liveness ?? asked.readiness;
  return {
    ...(startup !== undefined && { startupProbe: startupProbe(startup, rollout.startupSeconds, port) }),
    ...(asked.readiness !== undefined && {
      readinessProbe: { ...handler(asked.readiness, port), periodSeconds: probePeriodSeconds, failureThreshold: 3 },
    }),
    ...(alive !== undefined && { livenessProbe: alive }),
  };
}

/** Lets a container take so long to its first answer. */
export function startupProbe(asked: Probe, startupSeconds: number, port: number): k8s.Probe {
  return {
    ...handler(asked, port),
    periodSeconds: probePeriodSeconds,
    failureThreshold: Math.ceil(startupSeconds / probePeriodSeconds),
  };
}
