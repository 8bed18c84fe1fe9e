import type { ApplicationObservation, Observation, PodObservation } from '../../rollout/watch.ts';

/** What was last seen that can explain a failure. */
export interface Memory {
  readonly application: ApplicationObservation | null;
  readonly warnings: readonly string[];
  /** From the oldest to the newest. */
  readonly pods: readonly PodObservation[];
}

export const nothingSeen: Memory = { application: null, warnings: [], pods: [] };

const keptWarnings = 5;

/** What is remembered after one more observation. */
export function remember(memory: Memory, seen: Observation): Memory {
  switch (seen.kind) {
    case 'application':
      return { ...memory, application: seen };
    case 'pods':
      return { ...memory, pods: seen.pods };
    case 'warning':
      return {
        ...memory,
        warnings: [...memory.warnings, `${seen.object} ${seen.reason}: ${seen.message}`].slice(-keptWarnings),
      };
    default:
      return memory;
  }
}

/** The newest pod that is in trouble; null where every pod is well. */
export function newestInTrouble({ pods }: Memory): PodObservation | null {
  return pods.findLast(({ state }) => state === 'failed') ?? pods.findLast(({ state }) => state === 'starting') ?? null;
}

/** Puts a failure into words: the sync's, the cluster's warnings, and the last lines of the pod's log. */
export function explanation(
  { application, warnings }: Memory,
  pod: PodObservation | null,
  log: readonly string[],
): string {
  const said = application?.conditions.map(({ type, message }) => `${type}: ${message}`) ?? [];
  const sync = application?.phase === 'Failed' ? [`Sync failed: ${application.message}`] : [];
  const words =
    pod === null || log.length === 0 ? [] : [`Last words of pod ${pod.name}:`, ...log.map((line) => `  ${line}`)];
  return [...sync, ...said, ...warnings, ...words].join('\n');
}

/** What is said of the first connection that the balancer loses to a pod: `pod` is null where no endpoint was left. */
export function lostConnection(pod: string | null, code: string): Observation {
  if (pod === null) {
    const message = 'A connection was reset: no pod was left to send it to.';
    return { kind: 'warning', object: 'Service', reason: 'NoEndpoint', message };
  }
  const refused = 'It refused a connection while the balancer still knew it as an endpoint.';
  const broken = `It broke a connection (${code}).`;
  return {
    kind: 'warning',
    object: `Pod/${pod}`,
    reason: 'LostConnection',
    message: code === 'ECONNREFUSED' ? refused : broken,
  };
}
