import { setTimeout as pause } from 'node:timers/promises';
import type { PodObservation, RolloutState, Watch } from '../../rollout/watch.ts';
import { LeftBehind, type PlayedRollout, type PlayedSide, playedVersions, type PlayRecord } from '../cluster.ts';
import { watchStalls } from '../embedded/programs.ts';
import type { ImageFault } from '../kubernetes/disturb.ts';
import { type Calibration, startCalibratedLoad } from '../load/load.ts';
import { keptConnections, type LongLived, type Sample } from '../load/schedule.ts';
import { rolloutNumbers, scaledTo } from '../manifests/rehearsed.ts';
import { startupOf, startupWords } from '../terminal.ts';
import { awaitAnswer } from './rollout.ts';
import { patienceMs, type PlayRequest, setUp, type Setup } from './setup.ts';
import { makePlayer } from './steps.ts';

/** How long the load runs before the first push, once it is calibrated: the rollouts are compared with this time. */
const steadyMs = 5_000;

/** How long the load runs at least after the last old pod is gone: nothing may be lost then either. */
const afterwardsMs = 1_000;

/** Plays the first deployment, and its scene under load, and returns all that was seen. */
async function play(setup: Setup): Promise<PlayRecord> {
  const { cluster, watch, options, scene, sides, signal, steps } = setup;
  const startedAt = Date.now();
  const rollouts: PlayedRollout[] = [];
  const samples: Sample[] = [];
  const ended: LongLived[] = [];
  /** A sample with the version of the pod that was reached, where the answer says none. */
  const known = (sample: Sample): Sample => {
    const { port, failure, endedAt } = sample;
    if (setup.request.version !== null || port === null || failure !== null) return sample;
    return { ...sample, version: images.get(cluster.answeredBy?.(port, endedAt) ?? '') ?? null };
  };
  const record = (): PlayRecord => ({
    target: cluster.name,
    settings: setup.settings,
    scene: scene.name,
    rate: options.rate,
    slowMs: options.slowMs,
    numbers: setup.numbers,
    asked: setup.asked,
    startedAt,
    endedAt: Date.now(),
    versions: Object.fromEntries(images),
    rollouts,
    observed: watch.observed,
    // Only now: the load balancer tells later than the client.
    samples: samples.map(known),
    calibration,
    ...(setup.longLived === null ? {} : { longLived: { ...setup.longLived, ended } }),
    unseen,
  });
  let calibration: Calibration | null = null;
  /** Why nobody saw how the play went on. */
  let unseen: string | null = null;
  const images = new Map<string, string>();
  const names = [...playedVersions(options), 'v3'];
  const publish = async (version: string, side: PlayedSide, fault: ImageFault | null) => {
    const { revision, program } = side;
    // What a folder of manifests belongs to is built in the copy that it is from.
    const directory = program?.commands === null ? program.folder : side.directory;
    const baked = { version, revision, startupMs: options.startupMs, directory };
    const image = await cluster.publish(fault === null ? baked : { ...baked, fault });
    images.set(image, version);
    return image;
  };
  const sideOf = (version: number): PlayedSide => (version === 1 ? sides.before : sides.after);
  const published = new Map<number, Promise<string>>();
  const publishOnce = (version: number, fault: ImageFault | null): Promise<string> => {
    const image = published.get(version) ?? publish(names[version - 1] ?? '', sideOf(version), fault);
    published.set(version, image);
    image.catch(() => undefined);
    return image;
  };
  await publishOnce(1, null);
  steps.done(`image ${names[0]} is published`);

  /** Is aborted where the load client ends by itself: what goes on then is seen by nobody. */
  const blind = new AbortController();
  const player = makePlayer({
    setup,
    release: async (version) => ({
      version: names[version - 1] ?? '',
      side: sideOf(version),
      image: await publishOnce(version, null),
    }),
    samples,
    rollouts,
    blind: blind.signal,
  });
  const deployed = player.deploy();
  // Built meanwhile: nobody needs it before its release.
  const later = Promise.all(
    scene.steps.flatMap(({ does }) => (does.kind === 'release' ? publishOnce(does.version, does.fault ?? null) : [])),
  );
  later.catch(() => undefined);
  const { replicas } = setup.numbers.played;
  const isAutoscaled = setup.rehearsed.autoscaler !== null;
  if (!(await (isAutoscaled ? deployed : Promise.race([deployed, readyPods(watch, replicas, deployed)])))) {
    return record();
  }
  await scaleToStart(setup);
  const started = startupOf(watch.observed);
  if (started !== null) steps.done(startupWords(started));
  const url = await awaitAnswer(async () => cluster.url(), options.endpointLagMs, setup, signal);

  const load = await startCalibratedLoad({
    url,
    rate: options.rate,
    request: setup.request,
    over: setup.over,
    kept: keptConnections(options.rate, replicas, setup.numbers.played.drainMs),
    onSamples: (batch) => samples.push(...batch),
    longLived: { orders: setup.longLived?.orders ?? [], onEnded: (one) => void ended.push(one) },
  });
  setup.onClose(() => load.abandon());
  steps.done(`load of ${options.rate} + ${options.rate} requests per second runs against ${url}`);
  // Where pods share this machine they are scheduled as this process is.
  const stopWatching = watchStalls((ms) => watch.see({ kind: 'stalled', part: 'rehearsal', ms, at: Date.now() }));
  setup.onClose(async () => stopWatching());
  load.failed.catch((error: unknown) => blind.abort(error));
  const underLoad = async (): Promise<boolean> => {
    calibration = await load.calibrate();
    steps.done(`calibration: ${calibration.broken.length} of ${calibration.wanted} connections are broken on purpose`);
    steps.follow(watch, samples, Date.now());
    // A control is compared with nothing.
    const steady = setup.untilLost ? 0 : steadyMs;
    const [isDeployed] = await Promise.all([deployed, later, pause(steady, undefined, { signal })]);
    if (!isDeployed) return false;

    await (options.idleMs === null ? player.play(scene) : pause(options.idleMs, undefined, { signal }));
    const lateMs = Math.max(0, options.endpointLagMs - setup.numbers.played.drainMs);
    if (!setup.untilLost) await pause(afterwardsMs + lateMs, undefined, { signal });
    return true;
  };
  const played = underLoad();
  const isWhole = await Promise.race([played, load.failed]).catch(async (error: unknown) => {
    if (!blind.signal.aborted || signal.aborted) throw error;
    // What was seen until then is worth its report. Nothing of it is under way any more: the end of the load aborts it.
    unseen = error instanceof Error ? error.message : String(error);
    await played.catch(() => undefined);
    return false;
  });
  if (!isWhole) return record();
  await load.stop();
  steps.done(`load ended after ${samples.length.toLocaleString('en')} requests`);
  return record();
}

/** Longer than anything here: the deployment ends before, well or not. In milliseconds. */
const forever = 2 ** 31 - 1;

/** True once so many pods are ready, which answer long before they count as available; never where the deployment ends before. */
async function readyPods(watch: Watch, replicas: number, deployed: Promise<unknown>): Promise<true> {
  const over = new AbortController();
  deployed.catch(() => undefined).finally(() => over.abort());
  const enough = ({ pods }: RolloutState): true | null => (pods.filter(isReady).length >= replicas ? true : null);
  await watch.until(enough, forever, over.signal).catch(() => deployed);
  return true;
}

function isReady({ state }: PodObservation): boolean {
  return state === 'ready';
}

/**
 * Waits until an autoscaler has as many pods as the play begins with: a Deployment without `replicas` starts with one. The
 * controller looks every 15 s on a real cluster.
 */
async function scaleToStart(setup: Setup): Promise<void> {
  const { cluster, watch, options, numbers, rehearsed, steps } = setup;
  if (rehearsed.autoscaler === null) return;
  const { replicas } = numbers.played;
  if (options.replicas !== null) await cluster.scale(replicas);
  const { boundMs } = rolloutNumbers(scaledTo(rehearsed.deployment, replicas), options.startupMs);
  const scaled = await watch.until(
    ({ deployment }) => (deployment?.replicas === replicas && deployment.available === replicas ? true : null),
    patienceMs(boundMs, setup),
  );
  if (scaled === null) {
    throw new Error(
      `The autoscaler does not bring the Deployment to ${replicas} pods: it has ${watch.state().deployment?.replicas ?? 'none'}. Does the cluster run autoscalers, and does anything else set replicas?`,
    );
  }
  steps.done(
    `the autoscaler keeps ${rehearsed.autoscaler.min} to ${rehearsed.autoscaler.max} pods, and has ${replicas}`,
  );
}

/** A play that was played, and what of it could not be taken down. */
export interface Played {
  readonly record: PlayRecord;
  readonly left: LeftBehind | null;
}

/** Sets the setup, plays, and takes everything down. Throws where it could not be played. */
export async function setUpAndPlay(request: PlayRequest): Promise<Played> {
  const setup = await setUp(request);
  const record = await play(setup).catch(async (error: unknown) => {
    request.steps.end();
    await setup.close();
    throw error;
  });
  request.steps.end();
  return { record, left: await closeOrTell(setup) };
}

/** A record that is whole must not be lost because something stays in the cluster. */
export async function closeOrTell(setup: { close(): Promise<void> }): Promise<LeftBehind | null> {
  try {
    await setup.close();
    return null;
  } catch (error) {
    if (error instanceof LeftBehind) return error;
    throw error;
  }
}
