import type { Observation, Observed } from '../../../src/rollout/watch.ts';

type Kind = Observation['kind'];
type Of<K extends Kind> = Extract<Observed, { kind: K }>;

/** Everything that a target told, and a way to wait for more. */
export interface Seen {
  observe(observed: Observed): void;
  readonly all: readonly Observed[];
  last<K extends Kind>(kind: K): Of<K> | undefined;
  /** Waits until the state of this kind fits; for warnings, until one of all that came fits. */
  until<K extends Kind>(kind: K, fits: (observed: Of<K>) => boolean): Promise<Of<K>>;
}

function isOf<K extends Kind>(kind: K): (observed: Observed) => observed is Of<K> {
  return (observed): observed is Of<K> => observed.kind === kind;
}

export function makeSeen(giveUpMs = 15_000): Seen {
  const all: Observed[] = [];
  const waiting = new Set<() => void>();
  const last = <K extends Kind>(kind: K): Of<K> | undefined => all.findLast(isOf(kind));
  return {
    all,
    last,
    observe(observed) {
      all.push(observed);
      for (const look of waiting) look();
    },
    async until(kind, fits) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = kind === 'warning' ? all.filter(isOf(kind)).find(fits) : last(kind);
          if (found === undefined || !fits(found)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${kind} never got there; last seen: ${JSON.stringify(last(kind))}`));
        }, giveUpMs);
        waiting.add(look);
        look();
      });
    },
  };
}
