import { type Draw, type Inputs, Kubelets, type Life, type PodPlan, type Range } from './life.ts';
import { type Cause, type Losses, lossesOf } from './losses.ts';
import { play, type RolloutPlan, type Run } from './rollout.ts';

/** A moment of the picture: how many pods are in which state. */
export interface Moment {
  readonly atMs: number;
  readonly oldReady: number;
  readonly newReady: number;
  readonly starting: number;
  readonly ending: number;
}

/** What a rollout with a certain number of pods is expected to do. Each range is from the least to the most of all runs. */
export interface RolloutForecast {
  readonly replicas: number;
  /** From the moment at which the change is applied; null where the rollout never completes. */
  readonly completeMs: Range | null;
  readonly lastOldPodGoneMs: Range | null;
  /** Pods at one time, those that are ending included. */
  readonly mostPods: Range;
  readonly fewestReady: Range;
  /** What those pods request beyond what is requested before: cores and bytes. */
  readonly additionalCpu: number;
  readonly additionalMemory: number;
  /** Requests of both kinds of client together. */
  readonly losses: { readonly expected: number; readonly byCause: Losses };
  /** Why it does not complete, or counts as failed before it does; null where nothing speaks against it. */
  readonly problem: string | null;
  readonly picture: readonly Moment[];
}

/** What becomes of one workload whose pods a change replaces, makes, ends or counts anew. */
export interface WorkloadForecast {
  /** Such as `Deployment shop/web`. */
  readonly workload: string;
  readonly folder: string;
  /** `scales` where no pod is replaced. */
  readonly does: 'rolls' | 'appears' | 'scales' | 'goes';
  /** One for each number of pods that its autoscaler may have chosen: the fewest and the most. None where it goes. */
  readonly rollouts: readonly RolloutForecast[];
  /** What budgets let nodes that are drained take away meanwhile, in sentences. */
  readonly budgets: readonly string[];
}

/** How often each end of the ranges is played. */
const runs = 12;
/** Losses are summed over as many of them: they differ less, and cost more. */
const lossRuns = 4;
const pictureColumns = 60;

/** Forecasts a rollout whose numbers are known. */
export function forecastPlan(plan: RolloutPlan, inputs: Inputs, progressDeadlineMs: number): RolloutForecast {
  const played = [0, 1].flatMap((share) =>
    Array.from({ length: runs }, (_, index) => {
      const draw = drawOf(share, index + 1);
      return { draw, run: play(plan, new Kubelets(inputs, draw)) };
    }),
  );
  const all = played.map(({ run }) => run);
  const figures = all.map((run) => figuresOf(run, plan));
  const isComplete = all.every(({ completeAt }) => completeAt < Infinity);
  const summed = played
    .filter((_, index) => index % runs < lossRuns)
    .map(({ run, draw }) => lossesOf(run, plan, inputs, draw));
  const typical = all[0];
  return {
    replicas: plan.after,
    completeMs: isComplete ? rangeOf(all.map(({ completeAt }) => completeAt)) : null,
    lastOldPodGoneMs: plan.before === 0 || !isComplete ? null : rangeOf(figures.map(({ lastOldGone }) => lastOldGone)),
    mostPods: rangeOf(figures.map(({ most }) => most)),
    fewestReady: rangeOf(figures.map(({ fewest }) => fewest)),
    additionalCpu: Math.max(...figures.map(({ cpu }) => cpu)),
    additionalMemory: Math.max(...figures.map(({ memory }) => memory)),
    losses: meanOf(summed),
    problem: problemOf(plan, all, progressDeadlineMs),
    picture: typical === undefined ? [] : pictureOf(typical),
  };
}

/** Chance with a seed, so that the same change has the same forecast (mulberry32). */
export function drawOf(share: number, seed: number): Draw {
  let state = Math.imul(seed + 100 * share, 0x9e3779b1) >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { share, random };
}

function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

function meanOf(all: readonly Losses[]): RolloutForecast['losses'] {
  const byCause: Partial<Record<Cause, number>> = {};
  for (const losses of all)
    for (const [cause, count] of Object.entries(losses) as [Cause, number][])
      byCause[cause] = (byCause[cause] ?? 0) + count / all.length;
  return { expected: Object.values(byCause).reduce((sum, count) => sum + count, 0), byCause };
}

interface Figures {
  readonly most: number;
  readonly fewest: number;
  readonly lastOldGone: number;
  readonly cpu: number;
  readonly memory: number;
}

/** The extremes of a run, by going through its events. Those of one instant count together. */
function figuresOf({ lives }: Run, { before, old, next }: RolloutPlan): Figures {
  const planOfLife = ({ version }: Life): PodPlan => (version === 'old' ? old : next);
  const events = lives
    .flatMap((life) => {
      const { cpu, memory } = planOfLife(life);
      const appears = { at: life.createdAt, pods: 1, ready: 0, cpu, memory };
      const goes = { at: life.goneAt, pods: -1, ready: 0, cpu: -cpu, memory: -memory };
      const isReady = life.readyAt < life.deletedAt;
      const ready = { pods: 0, cpu: 0, memory: 0 };
      return [
        appears,
        goes,
        ...(isReady
          ? [
              { ...ready, at: life.readyAt, ready: 1 },
              { ...ready, at: life.deletedAt, ready: -1 },
            ]
          : []),
      ];
    })
    .filter(({ at }) => at < Infinity)
    .toSorted((one, other) => one.at - other.at);
  const now = { pods: 0, ready: 0, cpu: 0, memory: 0 };
  const extreme = { most: before, fewest: before, cpu: 0, memory: 0 };
  for (const { at, pods, ready, cpu, memory } of events) {
    now.pods += pods;
    now.ready += ready;
    now.cpu += cpu;
    now.memory += memory;
    if (at < 0) continue;
    extreme.most = Math.max(extreme.most, now.pods);
    extreme.fewest = Math.min(extreme.fewest, now.ready);
    extreme.cpu = Math.max(extreme.cpu, now.cpu - before * old.cpu);
    extreme.memory = Math.max(extreme.memory, now.memory - before * old.memory);
  }
  const gone = lives
    .filter(({ version, goneAt }) => version === 'old' && goneAt < Infinity)
    .map(({ goneAt }) => goneAt);
  return { ...extreme, lastOldGone: Math.max(0, ...gone) };
}

function problemOf({ after }: RolloutPlan, all: readonly Run[], progressDeadlineMs: number): string | null {
  const stuck = all.filter(({ completeAt }) => completeAt === Infinity).length;
  if (stuck > 0 && after > 0) {
    return `The probes end a new pod before its program answers${stuck < all.length ? ', where it starts slowly' : ''}, so the rollout does not complete.`;
  }
  const longest = Math.max(...all.map(({ longestStepMs }) => longestStepMs));
  if (longest <= progressDeadlineMs) return null;
  return `A step may take ${Math.round(longest / 1_000)} s, and after ${progressDeadlineMs / 1_000} s without progress (progressDeadlineSeconds) the rollout counts as failed.`;
}

function pictureOf({ lives, completeAt }: Run): readonly Moment[] {
  const gone = lives.map(({ goneAt }) => goneAt).filter((at) => at < Infinity);
  const endMs = Math.max(1_000, ...gone, ...(completeAt < Infinity ? [completeAt] : []));
  return Array.from({ length: pictureColumns }, (_, column) => {
    const atMs = Math.round((endMs * column) / (pictureColumns - 1));
    const present = lives.filter(({ createdAt, goneAt }) => createdAt <= atMs && atMs < goneAt);
    const staying = present.filter(({ deletedAt }) => atMs < deletedAt);
    const ready = staying.filter(({ readyAt }) => readyAt <= atMs);
    const oldReady = ready.filter(({ version }) => version === 'old').length;
    return {
      atMs,
      oldReady,
      newReady: ready.length - oldReady,
      starting: staying.length - ready.length,
      ending: present.length - staying.length,
    };
  });
}
