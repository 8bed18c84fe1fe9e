/** A share of the replicas, as Kubernetes writes it. */
export type Percentage = `${number}%`;

/** How many pods a rolling update may have too many and too few. */
export interface Surge {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

function pods(value: number | Percentage, replicas: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  // Multiplied before it is divided: 0.07 * 100 is more than 7, and would be rounded up to 8.
  return round((Number.parseFloat(value) * replicas) / 100);
}

/**
 * Turns percentages into pods as the Deployment controller does: surge rounds up, unavailable down, and where both come
 * to 0 one pod may be missing, or nothing would ever move (kubernetes/pkg/controller/deployment/util, ResolveFenceposts).
 */
export function resolveSurge(
  maxSurge: number | Percentage,
  maxUnavailable: number | Percentage,
  replicas: number,
): Surge {
  const surge = pods(maxSurge, replicas, Math.ceil);
  const unavailable = pods(maxUnavailable, replicas, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
