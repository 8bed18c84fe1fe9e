import type { Kubelets, Life, PodPlan } from './life.ts';

/** How a workload replaces its pods, in pods. */
export type Strategy =
  | { readonly kind: 'rolling'; readonly surge: number; readonly unavailable: number }
  | { readonly kind: 'recreate' }
  /** A StatefulSet: from the highest ordinal down to `partition`; new pods come one by one unless they may come together. */
  | { readonly kind: 'ordinals'; readonly unavailable: number; readonly partition: number; readonly parallel: boolean }
  /** A DaemonSet: a pod on each node. */
  | { readonly kind: 'nodes'; readonly surge: number; readonly unavailable: number };

/** A rollout that is to be played. */
export interface RolloutPlan {
  readonly strategy: Strategy;
  readonly before: number;
  readonly after: number;
  readonly old: PodPlan;
  readonly next: PodPlan;
}

/** One run of a rollout. */
export interface Run {
  readonly lives: readonly Life[];
  /** When every pod is new and available; Infinity where that never comes. */
  readonly completeAt: number;
  /** The longest time in which nothing got further, as `progressDeadlineSeconds` counts it. */
  readonly longestStepMs: number;
}

/** Plays a rollout, from 0 on. */
export function play(plan: RolloutPlan, kubelets: Kubelets): Run {
  const pods = new Pods(plan, kubelets);
  const { strategy } = plan;
  if (strategy.kind === 'rolling') rollDeployment(pods, plan, strategy);
  else if (strategy.kind === 'recreate') recreate(pods, plan);
  else if (strategy.kind === 'ordinals') rollOrdinals(pods, plan, strategy);
  else rollNodes(pods, plan, strategy);
  return pods.run(strategy.kind === 'ordinals' ? strategy.partition : 0);
}

/** The pods of a workload, and the time. Each stays at its place, by which it is changed. */
class Pods {
  now = 0;
  readonly #lives: Life[];
  readonly #kubelets: Kubelets;
  readonly #plan: RolloutPlan;
  readonly #progress: number[] = [0];

  constructor(plan: RolloutPlan, kubelets: Kubelets) {
    this.#plan = plan;
    this.#kubelets = kubelets;
    this.#lives = Array.from({ length: plan.before }, () => kubelets.old());
  }

  /** The places of the pods that are not told to end. */
  alive(version: Life['version']): readonly number[] {
    return [...this.#lives.keys()].filter(
      (at) => this.at(at).version === version && this.at(at).deletedAt === Infinity,
    );
  }

  at(place: number): Life {
    const life = this.#lives[place];
    if (life === undefined) throw new RangeError(`There is no pod ${place}.`);
    return life;
  }

  isAvailable(place: number): boolean {
    return this.at(place).availableAt <= this.now;
  }

  create(version: Life['version'], count = 1, node?: number): number {
    const { old, next } = this.#plan;
    for (let made = 0; made < count; made += 1)
      this.#lives.push(this.#kubelets.create(version, version === 'old' ? old : next, this.now, node));
    this.#progress.push(this.now);
    return this.#lives.length - 1;
  }

  remove(place: number): void {
    const life = this.at(place);
    this.#lives[place] = this.#kubelets.remove(
      life,
      life.version === 'old' ? this.#plan.old : this.#plan.next,
      this.now,
    );
    this.#progress.push(this.now);
  }

  /** Removes that many pods: those that serve least first, then the newest (kubernetes/pkg/controller/controller_utils.go, `ActivePodsWithRanks`). */
  removeSome(version: Life['version'], count: number, which: (place: number) => boolean = () => true): void {
    const rank = (place: number): number => (this.at(place).readyAt <= this.now ? 1 : 0);
    const ranked = this.alive(version)
      .filter(which)
      .toSorted(
        (one, other) => rank(one) - rank(other) || this.at(other).createdAt - this.at(one).createdAt || one - other,
      );
    for (const place of ranked.slice(0, Math.max(0, count))) this.remove(place);
  }

  /** Goes on to a time; false where it never comes. */
  until(at: number): boolean {
    if (at === Infinity) return false;
    if (at > this.now) {
      this.now = at;
      this.#progress.push(at);
    }
    return true;
  }

  /** Goes on to when the next pod is available; false where none will be. */
  untilNextAvailable(): boolean {
    let next = Infinity;
    for (const { availableAt, deletedAt } of this.#lives)
      if (deletedAt === Infinity && availableAt > this.now && availableAt < next) next = availableAt;
    return this.until(next);
  }

  run(kept: number): Run {
    const lives = this.#lives;
    const alive = lives.filter(({ deletedAt }) => deletedAt === Infinity);
    const isComplete = alive.filter(({ version }) => version === 'old').length <= kept;
    const completeAt = isComplete ? Math.max(0, ...alive.map(({ availableAt }) => availableAt)) : Infinity;
    // A Deployment gets further when a pod is ready, and again when it is available (deployment/util, `DeploymentProgressing`).
    const readyAt = lives.map((life) => life.readyAt).filter((at) => at > 0 && at < Infinity);
    const marks = [...this.#progress, ...readyAt, ...(completeAt === Infinity ? [] : [completeAt])];
    const steps = marks.toSorted((one, other) => one - other);
    const longestStepMs = steps.reduce((most, at, index) => Math.max(most, at - (steps[index - 1] ?? 0)), 0);
    return { lives, completeAt, longestStepMs };
  }
}

/** The Deployment controller (kubernetes/pkg/controller/deployment/rolling.go), which acts whenever a pod becomes available. */
function rollDeployment(
  pods: Pods,
  { before, after }: RolloutPlan,
  { surge, unavailable }: Extract<Strategy, { kind: 'rolling' }>,
): void {
  // What also scales is scaled first, with the old template (sync.go, `scale`).
  if (before > 0 && after > before) pods.create('old', after - before);
  if (before > after) pods.removeSome('old', before - after);
  do {
    while (reconcile(pods, after, surge, after - unavailable));
  } while (pods.alive('old').length + unavailableOf(pods) > 0 && pods.untilNextAvailable());
}

function unavailableOf(pods: Pods): number {
  return pods.alive('new').filter((place) => !pods.isAvailable(place)).length;
}

/** One sync of the controller. True where it did something. */
function reconcile(pods: Pods, replicas: number, surge: number, minAvailable: number): boolean {
  const [old, next] = [pods.alive('old'), pods.alive('new')];
  const missing = Math.min(replicas - next.length, replicas + surge - old.length - next.length);
  if (missing > 0) {
    pods.create('new', missing);
    return true;
  }
  const available = old.filter((place) => pods.isAvailable(place)).length;
  const unavailable = unavailableOf(pods);
  const most = old.length + next.length - minAvailable - unavailable;
  if (most <= 0 || old.length === 0) return false;
  const unhealthy = Math.min(most, old.length - available);
  pods.removeSome('old', unhealthy, (place) => !pods.isAvailable(place));
  const healthy = Math.min(available, available + next.length - unavailable - minAvailable, most - unhealthy);
  pods.removeSome('old', healthy);
  return unhealthy > 0 || healthy > 0;
}

/**
 * The strategy Recreate (kubernetes/pkg/controller/deployment/recreate.go): the new pods come when the processes of the last old one have
 * ended. The objects of the old ones may still be there.
 */
function recreate(pods: Pods, { after }: RolloutPlan): void {
  const old = pods.alive('old');
  for (const place of old) pods.remove(place);
  pods.until(Math.max(0, ...old.map((place) => pods.at(place).endedAt)));
  pods.create('new', after);
}

/** The StatefulSet controller (kubernetes/pkg/controller/statefulset/stateful_set_control.go): it scales first, and then replaces pods in their place. */
function rollOrdinals(
  pods: Pods,
  { before, after }: RolloutPlan,
  { unavailable, partition, parallel }: Extract<Strategy, { kind: 'ordinals' }>,
): void {
  const places = [...pods.alive('old')];
  for (let ordinal = before; ordinal < after; ordinal += 1) {
    places.push(pods.create(ordinal < partition ? 'old' : 'new'));
    if (!parallel && !pods.until(pods.at(places[ordinal] ?? 0).availableAt)) return;
  }
  // It replaces from the highest ordinal on, and waits for a pod that it has just made there.
  if (before > 0) pods.until(Math.max(pods.now, ...places.slice(before).map((place) => pods.at(place).availableAt)));
  for (let ordinal = before - 1; ordinal >= after; ordinal -= 1) {
    pods.remove(places[ordinal] ?? 0);
    if (!parallel) pods.until(pods.at(places[ordinal] ?? 0).goneAt);
  }
  replaceEach(pods, places.slice(partition, Math.min(before, after)).toReversed(), unavailable);
}

/** The DaemonSet controller (kubernetes/pkg/controller/daemon/update.go). */
function rollNodes(
  pods: Pods,
  { after }: RolloutPlan,
  { surge, unavailable }: Extract<Strategy, { kind: 'nodes' }>,
): void {
  const old = pods.alive('old');
  if (old.length === 0) {
    for (let node = 0; node < after; node += 1) pods.create('new', 1, node);
    return;
  }
  if (surge === 0) {
    replaceEach(pods, old, unavailable);
    return;
  }
  const waiting = [...old];
  const going: { readonly from: number; readonly to: number }[] = [];
  while (waiting.length + going.length > 0) {
    for (let from = waiting[0]; from !== undefined && going.length < surge; from = waiting[0]) {
      waiting.shift();
      going.push({ from, to: pods.create('new', 1, pods.at(from).node) });
    }
    going.sort((one, other) => pods.at(one.to).availableAt - pods.at(other.to).availableAt);
    const first = going.shift();
    if (first === undefined || !pods.until(pods.at(first.to).availableAt)) return;
    pods.remove(first.from);
  }
}

/** Replaces pods in their place, so many at a time: the new one is created when the old one is gone. */
function replaceEach(pods: Pods, places: readonly number[], atATime: number): void {
  const waiting = [...places];
  const going: { readonly place: number; readonly at: number; readonly isBack: boolean }[] = [];
  while (waiting.length + going.length > 0) {
    for (let place = waiting[0]; place !== undefined && going.length < atATime; place = waiting[0]) {
      waiting.shift();
      pods.remove(place);
      going.push({ place, at: pods.at(place).goneAt, isBack: false });
    }
    going.sort((one, other) => one.at - other.at);
    const first = going.shift();
    if (first === undefined || !pods.until(first.at)) return;
    if (first.isBack) continue;
    const place = pods.create('new', 1, pods.at(first.place).node);
    going.push({ place, at: pods.at(place).availableAt, isBack: true });
  }
}
