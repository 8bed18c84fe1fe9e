import { type Draw, drawn, type Inputs, type Life, type PodPlan } from './life.ts';
import type { Run } from './rollout.ts';

/** Why requests are expected to be lost. */
export type Cause =
  | 'drain shorter than the endpoint lag'
  | 'no drain'
  | 'ready before it listens'
  | 'no pod is left'
  | 'killed before open requests are answered'
  | 'open requests end with the program'
  | 'kept connections are closed';

/** How many requests of a rollout are expected to be lost, by cause. */
export type Losses = Readonly<Partial<Record<Cause, number>>>;

/** Where requests go in a span of time in which nothing changes. */
interface Span {
  readonly lengthMs: number;
  readonly chosen: readonly Life[];
  readonly at: number;
}

/**
 * The requests that a run of a rollout is expected to lose. Measured against plays of the embedded cluster: see docs/forecast.md.
 *
 * A new connection goes to each endpoint with the same probability, as kube-proxy's iptables rules have it, an endpoint's change reaches
 * the traffic after the lag, and where no pod is ready those that still serve while they end are taken (KEP-1669).
 */
export function lossesOf({ lives }: Run, plans: Plans, inputs: Inputs, draw: Draw): Losses {
  const lag = drawn(inputs.endpointLagMs, draw);
  const losses: Partial<Record<Cause, number>> = {};
  const add = (cause: Cause, count: number): void => {
    if (count > 0) losses[cause] = (losses[cause] ?? 0) + count;
  };
  const perMs = inputs.rate / 1_000;
  for (const { chosen, at, lengthMs } of spans(lives, lag)) {
    const dead = chosen.filter((life) => at < life.listensAt || at >= life.closesAt);
    const share = chosen.length === 0 ? 1 : dead.length / chosen.length;
    if (share === 0) continue;
    // A kept connection is lost where its pod has closed it and its new one goes to such a pod, too.
    const closed = chosen.length === 0 ? 1 : dead.filter((life) => at >= life.closesAt).length / chosen.length;
    const lost = perMs * lengthMs * (share + (inputs.keptConnections > 0 ? closed * share : 0));
    if (chosen.length === 0 || dead.length === chosen.length) add('no pod is left', lost);
    else for (const life of dead) add(causeOf(life, at, plans), lost / dead.length);
  }
  for (const life of lives) {
    if (life.deletedAt === Infinity) continue;
    const serving = lives.filter(
      ({ readyAt, deletedAt }) => readyAt + lag <= life.deletedAt && life.deletedAt <= deletedAt + lag,
    ).length;
    ofEnd(life, life.version === 'old' ? plans.old : plans.next, perMs / Math.max(1, serving), lag, inputs, add);
  }
  return losses;
}

interface Plans {
  readonly old: PodPlan;
  readonly next: PodPlan;
}

function causeOf(life: Life, at: number, { old, next }: Plans): Cause {
  if (at < life.listensAt) return 'ready before it listens';
  return (life.version === 'old' ? old : next).openMs === 0 ? 'no drain' : 'drain shorter than the endpoint lag';
}

/** What one pod takes with it when it ends, of each kind of client. `perMs` is the rate of its requests. */
function ofEnd(
  { deletedAt, closesAt }: Life,
  { openMs, graceMs, announces }: PodPlan,
  perMs: number,
  lagMs: number,
  { longestRequestMs, endsAtOnce, keptConnections, roundTripMs }: Inputs,
  add: (cause: Cause, count: number) => void,
): void {
  const answersForMs = endsAtOnce ? 0 : graceMs - openMs;
  const cause: Cause = endsAtOnce ? 'open requests end with the program' : 'killed before open requests are answered';
  // New connections come until its endpoint is taken away, kept ones bring requests until it closes them.
  const quietMs = Math.max(0, closesAt - deletedAt - lagMs);
  add(cause, perMs * cutMs(longestRequestMs, answersForMs, quietMs));
  if (keptConnections === 0) return;
  add(cause, perMs * cutMs(longestRequestMs, answersForMs, 0));
  // A request that is on its way when its idle connection is closed.
  if (!announces) add('kept connections are closed', perMs * roundTripMs);
}

/**
 * How many milliseconds' worth of requests are open too long, where requests take anything from nothing to the longest: those that came
 * `quiet` or longer before the pod closed and take longer than `grace` beyond that.
 */
function cutMs(longestMs: number, graceMs: number, quietMs: number): number {
  return longestMs <= 0 ? 0 : Math.max(0, longestMs - graceMs - quietMs) ** 2 / (2 * longestMs);
}

/** The spans between the moments at which anything changes for a request, from the rollout's beginning until nothing changes any more. */
function spans(lives: readonly Life[], lag: number): readonly Span[] {
  const times = lives.flatMap(({ listensAt, readyAt, deletedAt, closesAt, goneAt }) => [
    listensAt,
    readyAt + lag,
    deletedAt + lag,
    closesAt,
    goneAt + lag,
  ]);
  const moments = [...new Set([0, ...times.filter((at) => at > 0 && at < Infinity)])].toSorted(
    (one, other) => one - other,
  );
  return moments.slice(0, -1).map((at, index) => {
    const ready = lives.filter((life) => life.readyAt + lag <= at && at < life.deletedAt + lag);
    const chosen =
      ready.length > 0
        ? ready
        : lives.filter((life) => life.deletedAt + lag <= at && at < life.goneAt + lag && life.readyAt < life.deletedAt);
    return { at, lengthMs: (moments[index + 1] ?? at) - at, chosen };
  });
}
