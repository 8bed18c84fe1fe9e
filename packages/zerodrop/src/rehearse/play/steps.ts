import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Allowed, PlayedRollout, PlayedSide } from '../cluster.ts';
import { keptByBudgets } from '../embedded/control-plane/controllers.ts';
import type { Sample } from '../load/schedule.ts';
import { changeDeployment, takeManifests, withImage, withNote, withSpec } from '../manifests/changes.ts';
import { at, type Manifest, readObjects } from '../manifests/object.ts';
import { ownMachine, rolloutNumbers, scaledTo } from '../manifests/rehearsed.ts';
import { startupOf } from '../terminal.ts';
import { followRollout } from './rollout.ts';
import { type Act, firstDeployment, type Scene, type SceneStep } from './scenes.ts';
import { patienceMs, type Setup } from './setup.ts';

/** What the steps of a scene are played with. */
export interface Playing {
  readonly setup: Setup;
  /** The image of a version, of those that a scene counts from 1. */
  readonly release: (version: number) => Promise<Pick<Standing, 'version' | 'side' | 'image'>>;
  readonly samples: readonly Sample[];
  /** Gets what was played. */
  readonly rollouts: PlayedRollout[];
  /** Is aborted where the load client ends by itself: what goes on then is seen by nobody. */
  readonly blind: AbortSignal;
}

/** What the newest commit asks for. */
interface Standing {
  readonly revision: string;
  readonly version: string;
  readonly image: string;
  readonly side: PlayedSide;
  readonly replicas: number;
  /** Tells it apart from what stood before, where the image is the same. */
  readonly notReplicaSet?: string | null;
}

/** What a step has begun. */
interface Begun {
  readonly at: number;
  readonly isPushed: boolean;
  readonly allowed?: Allowed;
}

/** Plays the first deployment, and says whether it rolled out, and then a scene. What it has played is in `rollouts`. */
export function makePlayer({ setup, release, samples, rollouts, blind }: Playing) {
  const { scratch, cluster, watch, options, signal, steps, rehearsed, numbers } = setup;
  const isAutoscaled = rehearsed.autoscaler !== null;
  /** The newest last: a revert goes back to the one before it. */
  const history: Standing[] = [];

  const push = async (next: Omit<Standing, 'revision'>): Promise<Begun> => {
    const revision = await scratch.push();
    history.push({ ...next, revision });
    return { at: Date.now(), isPushed: true };
  };
  const standing = (): Standing => {
    const newest = history.at(-1);
    if (newest === undefined) throw new Error('A scene is played once the first version runs.');
    return newest;
  };
  const presentSet = (): string | null => watch.state().deployment?.replicaSet ?? null;
  const begin = async (act: Act, given: AbortSignal): Promise<Begun> => {
    switch (act.kind) {
      case 'release': {
        const { version, image, side } = await release(act.version);
        const deadline =
          act.fault === 'late' ? { progressDeadlineSeconds: numbers.played.minReadySeconds + lateSeconds } : {};
        if (side.directory !== scratch.directory)
          await takeManifests(scratch.directory, rehearsed, side, setup.applications);
        await changeDeployment(scratch.directory, side.rehearsed, (one) => withSpec(withImage(one, image), deadline));
        await scratch.commit(`Release ${version}`);
        const committed = rolloutNumbers(side.rehearsed.deployment, 0).replicas;
        const replicas =
          side.directory !== scratch.directory ? committed : (history.at(-1)?.replicas ?? numbers.played.replicas);
        return push({ version, image, side, replicas });
      }
      case 'revert': {
        const now = standing();
        const { notReplicaSet: _, ...before } = history.at(-2) ?? now;
        await scratch.revert();
        return push({ ...before, ...(before.image === now.image ? { notReplicaSet: presentSet() } : {}) });
      }
      case 'configure':
        await changeDeployment(scratch.directory, rehearsed, (one) => withNote(one, String(history.length)));
        await scratch.commit('Change the configuration');
        return push({ ...standing(), notReplicaSet: presentSet() });
      case 'scale':
        return scale(standing(), standing().replicas + act.by);
      case 'kill':
        return kill(standing().replicas, given);
      case 'evict':
        return evict(standing().replicas, given);
      case 'lag':
        cluster.disturb.lag?.(Math.max(options.endpointLagMs, act.ofDrain * numbers.committed.drainMs));
        break;
      case 'away':
      case 'back':
        await cluster.disturb.outage?.(act.part, act.kind === 'away');
        break;
    }
    return { at: Date.now(), isPushed: false };
  };

  const scale = async (now: Standing, replicas: number): Promise<Begun> => {
    const allowed: Allowed = { loses: 'nothing', leastReady: Math.min(replicas, now.replicas) };
    if (isAutoscaled) {
      await cluster.scale(replicas);
      history.push({ ...now, replicas });
      return { at: Date.now(), isPushed: false, allowed };
    }
    await changeDeployment(scratch.directory, rehearsed, (one) => withSpec(one, { replicas }));
    await scratch.commit(`Run ${replicas} pods`);
    return { ...(await push({ ...now, replicas })), allowed };
  };

  const kill = async (replicas: number, given: AbortSignal): Promise<Begun> => {
    const pod = watch.state().pods.find(({ state }) => state === 'ready')?.name ?? '';
    const killedAt = Date.now();
    await cluster.disturb.kill?.(pod);
    // Until a kubelet has looked, all pods are told of as ready.
    await watch.until(
      ({ pods }) => pods.every(({ name, state }) => name !== pod || state !== 'ready') || null,
      noticedMs,
      given,
    );
    const killed = { pod, of: replicas, lagMs: options.endpointLagMs };
    return { at: killedAt, isPushed: false, allowed: { loses: 'killed', leastReady: replicas - 1, killed } };
  };

  /** Evicts each pod that is there now, as `kubectl drain` does, which asks again where a budget forbids it. */
  const evict = async (replicas: number, given: AbortSignal): Promise<Begun> => {
    const begunAt = Date.now();
    const objects = await readObjects(path.join(scratch.directory, rehearsed.application.path));
    const labels = Object(at(rehearsed.deployment, 'spec', 'template', 'metadata', 'labels'));
    const leastReady = Math.min(replicas - 1, keptByBudgets(objects, labels, replicas) ?? 0);
    const withinMs = patienceMs(rolloutNumbers(rehearsed.deployment, options.startupMs).boundMs, setup);
    for (const { name } of watch.state().pods) {
      const endsAt = Date.now() + withinMs;
      while (Date.now() < endsAt && (await cluster.disturb.evict?.(name)) !== true) {
        await pause(askAgainMs, undefined, { signal: given });
      }
      await watch.until(
        ({ pods }) => {
          const ready = pods.filter((pod) => pod.name !== name && pod.state === 'ready');
          return ready.length >= replicas || null;
        },
        withinMs,
        given,
      );
    }
    return { at: begunAt, isPushed: false, allowed: { loses: 'nothing', leastReady } };
  };

  /** What is known of a step once it has begun. */
  const told = ({ name, until, loses = 'nothing', fewer = 0 }: SceneStep, from: string | null, begun: Begun) => {
    const { revision, version: to, side, replicas } = standing();
    // On a real cluster, images are pulled.
    const starts = options.context === null ? ownMachine : {};
    const startupMs = startupOf(watch.observed)?.listeningMs ?? options.startupMs;
    const numbersOf = ({ rehearsed: { deployment, autoscaler } }: PlayedSide, fixed: number, old?: Manifest) => {
      const pods = autoscaler === null ? fixed : (watch.state().deployment?.replicas ?? 1);
      const scaled = scaledTo(deployment, pods);
      return { scaled, ...rolloutNumbers(scaled, startupMs, starts, old) };
    };
    const before = history.at(-2) ?? standing();
    const old = numbersOf(before.side, before.replicas);
    const { forecast, scaled: _, ...now } = numbersOf(side, replicas, old.scaled);
    // Where a change also scales, the fewer are due all the time.
    const expected = {
      ...now,
      replicas: begun.allowed === undefined ? Math.min(now.replicas, old.replicas) : now.replicas,
    };
    const asked = { loses, leastReady: expected.replicas - fewer };
    const allowed = begun.allowed ?? (loses === 'nothing' && fewer === 0 ? null : asked);
    return {
      name,
      revision,
      // What was begun before goes on.
      from: begun.isPushed ? from : (history.at(-2)?.version ?? from),
      to,
      pushedAt: begun.at,
      ...expected,
      ...(begun.isPushed && until === 'complete' ? { forecast } : {}),
      ...(allowed === null ? {} : { allowed }),
    };
  };

  /** Begins a step and follows it. */
  const play = async (step: SceneStep): Promise<PlayedRollout> => {
    const from = history.at(-1)?.version ?? null;
    const enough = new AbortController();
    const given = AbortSignal.any([signal, enough.signal, blind]);
    let begun: Begun = { at: Date.now(), isPushed: false };
    const stop = setup.untilLost && from !== null ? onLoss(samples, begun.at, () => enough.abort()) : null;
    try {
      begun = await begin(step.does, given);
      if (from === null) await cluster.follow();
      const pushed = told(step, from, begun);
      if (begun.isPushed) steps.rolling(pushed, watch);
      const { revision: commit, image, replicas, notReplicaSet } = standing();
      const awaited = { commit, image, notReplicaSet, ...(step.does.kind === 'scale' ? { replicas } : {}) };
      const asked = { awaited, until: step.until };
      const played = await followRollout(cluster, watch, pushed, asked, patienceMs(pushed.boundMs, setup), given);
      // What was begun before goes on, and is not expected by any time.
      if (begun.isPushed || step.until !== 'complete') return played;
      return { ...played, reached: { what: 'it is rolled out', at: played.lastOldPodGoneAt } };
    } catch (error) {
      if (!enough.signal.aborted || signal.aborted || blind.aborted) throw error;
      return { ...told(step, from, begun), syncedAt: null, completeAt: null, lastOldPodGoneAt: null, failure: null };
    } finally {
      stop?.();
    }
  };

  const played = async (step: SceneStep): Promise<PlayedRollout> => {
    const rollout = await play(step);
    rollouts.push(rollout);
    steps.rolled(rollout);
    return rollout;
  };
  return {
    deploy: async (): Promise<boolean> => (await played(firstDeployment)).failure === null,
    async play({ steps: all }: Scene): Promise<void> {
      for (const step of all) {
        const { failure, completeAt, reached } = await played(step);
        const isOver = completeAt !== null || (step.until !== 'complete' && reached === undefined);
        // A control ends once it has lost requests, and with its first rollout.
        if (failure !== null || (setup.untilLost && isOver)) return;
      }
    },
  };
}

/** How long the kubelet may take to notice that a process is gone, in milliseconds: it looks every second. */
const noticedMs = 10_000;
/** A late start misses a progress deadline that is so much longer than minReadySeconds: Kubernetes takes none that is not longer. */
const lateSeconds = 5;
/** How often an eviction is asked for again, in milliseconds; `kubectl drain` waits for 5 s. */
const askAgainMs = 500;
/** A control goes on for so long after its first loss: its other connections have met the pod by then. In milliseconds. */
const afterLossMs = 1_000;

/** Calls back a moment after the first request was lost that was due after a time. Returns how to end that. */
function onLoss(samples: readonly Sample[], since: number, lost: () => void): () => void {
  const looking = setInterval(() => {
    const first = samples.find(({ dueAt, failure }) => dueAt >= since && failure !== null);
    if (first !== undefined && Date.now() > first.endedAt + afterLossMs) lost();
  }, 100);
  return () => clearInterval(looking);
}
