import type { Report } from '../report/schema.ts';
import { type Step, stepsOf } from './steps.ts';

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
    const [here, there] = [stepsOf(embedded, same), stepsOf(real, rollout)];
    const minimumReadyPods = [same.minimumReadyPods, rollout.minimumReadyPods] as const;
    return [{ name: rollout.name, minimumReadyPods, steps: paired(here, there), reordered: reordered(here, there) }];
  });
  return { embedded: side(embedded), real: side(real), rollouts };
}

function paired(embedded: readonly Step[], real: readonly Step[]): readonly ComparedStep[] {
  const all = new Set([...real, ...embedded].map(({ what }) => what));
  return [...all].map((what) => ({ what, embeddedAfterMs: timeOf(embedded, what), realAfterMs: timeOf(real, what) }));
}

function timeOf(steps: readonly Step[], what: string): number | null {
  return steps.find((step) => step.what === what)?.afterMs ?? null;
}

/** A controller makes and stops pods in one go: what is not further apart than this has no order. In milliseconds. */
const togetherMs = 300;

/** Neighbours of the one order that stand the other way round in the other. */
export function reordered(one: readonly Step[], other: readonly Step[]): readonly string[] {
  const times = new Map(other.map(({ what, afterMs }) => [what, afterMs]));
  const common = one.filter(({ what }) => times.has(what));
  return common.slice(1).flatMap((step, index) => {
    const before = common[index] ?? step;
    const apartMs = (times.get(before.what) ?? 0) - (times.get(step.what) ?? 0);
    const furthestMs = Math.max(apartMs, step.afterMs - before.afterMs);
    return apartMs > 0 && furthestMs > togetherMs ? [`${before.what} before ${step.what}`] : [];
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
