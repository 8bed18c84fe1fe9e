import type {
  ApplicationObservation,
  DeploymentObservation,
  Observation,
  Observed,
  PodObservation,
} from './observation.ts';

/** What was last seen of everything that a rollout is judged by. */
export interface Standing {
  readonly application: ApplicationObservation | null;
  readonly deployment: DeploymentObservation | null;
  readonly pods: readonly PodObservation[];
}

const nothingSeen: Standing = { application: null, deployment: null, pods: [] };

/** The standing after one more observation. */
function observe(standing: Standing, seen: Observation): Standing {
  switch (seen.kind) {
    case 'application':
      return { ...standing, application: seen };
    case 'deployment':
      return { ...standing, deployment: seen };
    case 'pods':
      return { ...standing, pods: seen.pods };
    default:
      return standing;
  }
}

/** Everything that was seen, and a way to wait for more. */
export interface Watch {
  readonly observed: readonly Observed[];
  standing(): Standing;
  see(observed: Observed): void;
  /**
   * Waits until `decide` makes something of what stands, and returns that with the time of the observation that did it.
   * Returns null after `withinMs`; throws when interrupted, or when `givenUp` says so.
   */
  until<T>(
    decide: (standing: Standing) => T | null,
    withinMs: number,
    givenUp?: AbortSignal,
  ): Promise<Decided<T> | null>;
}

export interface Decided<T> {
  readonly value: T;
  readonly at: number;
}

/** Starts an empty watch that ends its waits when the signal says so. */
export function makeWatch(signal: AbortSignal): Watch {
  const observed: Observed[] = [];
  const waiting = new Set<(at: number) => void>();
  let standing = nothingSeen;
  return {
    observed,
    standing: () => standing,
    see(seen) {
      observed.push(seen);
      standing = observe(standing, seen);
      for (const look of waiting) look(seen.at);
    },
    async until(decide, withinMs, givenUp = signal) {
      const ended = AbortSignal.any([signal, givenUp]);
      ended.throwIfAborted();
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(look);
          clearTimeout(timer);
          ended.removeEventListener('abort', interrupted);
        };
        const interrupted = (): void => {
          leave();
          reject(ended.reason);
        };
        const look = (at: number): void => {
          const value = decide(standing);
          if (value === null) return;
          leave();
          resolve({ value, at });
        };
        const timer = setTimeout(() => {
          leave();
          resolve(null);
        }, withinMs);
        ended.addEventListener('abort', interrupted);
        waiting.add(look);
        look(Date.now());
      });
    },
  };
}
