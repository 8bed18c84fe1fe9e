import type { Observed } from 'zerodrop/rollout';

/**
 * The least that could take traffic in a span of time: of the pods that were ready and of the endpoints that were published,
 * the smaller number. What stood when the span began counts too. Null where neither was ever seen.
 */
export function minimumReady(observed: readonly Observed[], from: number, to: number): number | null {
  const lowest = [readyPods(observed), readyEndpoints(observed)].flatMap((steps) => minimum(steps, from, to) ?? []);
  return lowest.length === 0 ? null : Math.min(...lowest);
}

interface Step {
  readonly at: number;
  readonly ready: number;
}

function readyPods(observed: readonly Observed[]): readonly Step[] {
  return observed.flatMap((seen) =>
    seen.kind === 'pods' ? { at: seen.at, ready: seen.pods.filter(({ state }) => state === 'ready').length } : [],
  );
}

function readyEndpoints(observed: readonly Observed[]): readonly Step[] {
  return observed.flatMap((seen) => (seen.kind === 'endpoints' ? { at: seen.at, ready: seen.ready.length } : []));
}

function minimum(steps: readonly Step[], from: number, to: number): number | null {
  const standing = steps.findLast(({ at }) => at <= from);
  const within = steps.filter(({ at }) => at > from && at < to);
  const ready = [...(standing === undefined ? [] : [standing]), ...within].map((step) => step.ready);
  return ready.length === 0 ? null : Math.min(...ready);
}
