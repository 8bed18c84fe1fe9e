import type { Report } from '../report/schema.ts';
import { stepsOf } from './steps.ts';

/** The same settings played on the embedded cluster and on a real one. */
export interface Comparison {
  readonly embedded: Side;
  readonly real: Side;
  readonly rollouts: readonly ComparedRollout[];
}

export interface Side {
  readonly target: string;
  readonly verdict: Report['verdict'];
  readonly requests: number;
  readonly failed: number;
}

export interface ComparedRollout {
  readonly name: string;
  readonly minimumReadyPods: readonly [number | null, number | null];
  /** In the real cluster's order; what only the embedded one showed comes last. */
  readonly steps: readonly ComparedStep[];
  /** Steps of both that come in another order, as `A before B` in the embedded cluster. Empty where the order is the same. */
  readonly reordered: readonly string[];
}

/** Milliseconds after the push; null where it did not happen. */
export interface ComparedStep {
  readonly what: string;
  readonly embeddedAfterMs: number | null;
  readonly realAfterMs: number | null;
}

/** Puts two reports side by side. */
export function compare(embedded: Report, real: Report): Comparison {
  const rollouts = real.rollouts.flatMap((rollout) => {
    const same = embedded.rollouts.find(({ name }) => name === rollout.name);
    if (same === undefined) return [];
    const [there, here] = [stepsOf(real, rollout), stepsOf(embedded, same)];
    const afterMs = (steps: typeof here, step: string) => steps.find(({ what }) => what === step)?.afterMs ?? null;
    const all = [...new Set([...there, ...here].map(({ what }) => what))];
    return [
      {
        name: rollout.name,
        minimumReadyPods: [same.minimumReadyPods, rollout.minimumReadyPods] as const,
        steps: all.map((what) => ({
          what,
          embeddedAfterMs: afterMs(here, what),
          realAfterMs: afterMs(there, what),
        })),
        reordered: reordered(
          here.map(({ what }) => what),
          there.map(({ what }) => what),
        ),
      },
    ];
  });
  return { embedded: side(embedded), real: side(real), rollouts };
}

/** Neighbours of the one order that stand the other way round in the other. */
export function reordered(one: readonly string[], other: readonly string[]): readonly string[] {
  const common = one.filter((step) => other.includes(step));
  return common.slice(1).flatMap((step, index) => {
    const before = common[index] ?? '';
    return other.indexOf(before) > other.indexOf(step) ? [`${before} before ${step}`] : [];
  });
}

function side({ target, verdict, clients }: Report): Side {
  return {
    target,
    verdict,
    requests: clients.reduce((sum, { sent }) => sum + sent, 0),
    failed: clients.reduce((sum, { failed }) => sum + failed, 0),
  };
}
