import type {
  ApplicationObservation,
  DeploymentObservation,
  Observation,
  Observed,
  PodObservation,
} from './observation.ts';

/** What was last seen of everything that a rollout is judged by. */
export interface RolloutState {
  readonly application: ApplicationObservation | null;
  readonly deployment: DeploymentObservation | null;
  readonly pods: readonly PodObservation[];
}

const nothingSeen: RolloutState = { application: null, deployment: null, pods: [] };

/** The state after one more observation. */
function observe(state: RolloutState, seen: Observation): RolloutState {
  switch (seen.kind) {
    case 'application':
      return { ...state, application: seen };
    case 'deployment':
      return { ...state, deployment: seen };
    case 'pods':
      return { ...state, pods: seen.pods };
    default:
      return state;
  }
}

/** Everything that was seen, and a way to wait for more. */
export interface Watch {
  readonly observed: readonly Observed[];
  state(): RolloutState;
  see(observed: Observed): void;
  /**
   * Waits until `decide` makes something of what stands, and returns that with the time of the observation that did it.
   * Returns null after `withinMs`; throws when interrupted, or when `givenUp` says so.
   */
  until<T>(
    decide: (state: RolloutState) => T | null,
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
  let state = nothingSeen;
  return {
    observed,
    state: () => state,
    see(seen) {
      observed.push(seen);
      state = observe(state, seen);
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
          const value = decide(state);
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
