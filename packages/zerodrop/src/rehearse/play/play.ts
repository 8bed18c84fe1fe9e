import { setTimeout as pause } from 'node:timers/promises';
import type { PodObservation, RolloutState, Watch } from '../../rollout/watch.ts';
import { LeftBehind, type PlayedRollout, type PlayedSide, playedVersions, type PlayRecord } from '../cluster.ts';
import { watchStalls } from '../embedded/programs.ts';
import { type Calibration, startCalibratedLoad } from '../load/load.ts';
import { keptConnections, type Sample } from '../load/schedule.ts';
import { setImage, takeManifests } from '../manifests/changes.ts';
import { ownMachine, rolloutNumbers, slowestStartMs, scaledTo } from '../manifests/rehearsed.ts';
import { awaitAnswer, followRollout } from './rollout.ts';
import { type PlayRequest, setUp, type Setup } from './setup.ts';

/** How long the load runs before the first push, once it is calibrated: the rollouts are compared with this time. */
const steadyMs = 5_000;

/** How long the load runs at least after the last old pod is gone: nothing may be lost then either. */
const afterwardsMs = 1_000;

/** Plays first deployment, release and revert, the last two under load, and returns all that was seen. */
async function play(setup: Setup): Promise<PlayRecord> {
  const { scratch, cluster, watch, options, sides, signal, steps } = setup;
  const startedAt = Date.now();
  const rollouts: PlayedRollout[] = [];
  const samples: Sample[] = [];
  /** A sample with the version of the pod that was reached, where the answer says none. */
  const known = (sample: Sample): Sample => {
    const { port, failure, endedAt } = sample;
    if (setup.request.version !== null || port === null || failure !== null) return sample;
    return { ...sample, version: images.get(cluster.answeredBy?.(port, endedAt) ?? '') ?? null };
  };
  const record = (): PlayRecord => ({
    target: cluster.name,
    settings: setup.settings,
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
  });
  let calibration: Calibration | null = null;
  const images = new Map<string, string>();
  const publish = async (version: string, { directory, revision }: PlayedSide): Promise<string> => {
    const image = await cluster.publish({ version, revision, startupMs: options.startupMs, directory });
    images.set(image, version);
    return image;
  };
  const [before, after] = playedVersions(options);
  const first = await publish(before, sides.before);
  steps.done(`image ${before} is published`);

  const release = async (version: string, image: string, side: PlayedSide): Promise<void> => {
    if (side.directory !== scratch.directory)
      await takeManifests(scratch.directory, setup.rehearsed, side, setup.applications);
    await setImage(scratch.directory, side.rehearsed, image);
    await scratch.commit(`Release ${version}`);
  };
  /** Is aborted where the load client ends by itself: what goes on then is seen by nobody. */
  const blind = new AbortController();
  /** Pushes what is committed and follows it; false where it did not roll out. */
  const roll = async (name: string, from: string | null, to: string, image: string): Promise<boolean> => {
    const revision = await scratch.push();
    const pushedAt = Date.now();
    // On a real cluster, images are pulled.
    const starts = options.context === null ? ownMachine : {};
    const [was, is] =
      name === 'revert' ? [sides.after, sides.before] : [sides.before, name === 'release' ? sides.after : sides.before];
    const { deployment, autoscaler } = is.rehearsed;
    const scaled = autoscaler === null ? null : (watch.state().deployment?.replicas ?? 1);
    const old = scaledTo(was.rehearsed.deployment, scaled);
    const numbers = rolloutNumbers(scaledTo(deployment, scaled), options.startupMs, starts, old);
    // Where the change also scales, the fewer are due all the time.
    const replicas = Math.min(numbers.replicas, rolloutNumbers(old, options.startupMs, starts).replicas);
    const expected = { ...numbers, replicas };
    if (from === null) await cluster.follow();
    const pushed = { name, revision, from, to, pushedAt, ...expected };
    const enough = new AbortController();
    const stop = setup.untilLost && from !== null ? onLoss(samples, pushedAt, () => enough.abort()) : null;
    const given = AbortSignal.any([signal, enough.signal, blind.signal]);
    const played = await followRollout(cluster, watch, pushed, image, patienceMs(expected.boundMs, setup), given)
      .catch((error: unknown) => {
        if (enough.signal.aborted && !signal.aborted && !blind.signal.aborted) return { ...pushed, ...unfinished };
        throw error;
      })
      .finally(() => stop?.());
    rollouts.push(played);
    steps.rolled(played);
    return played.failure === null;
  };

  const releaseAndRevert = async (second: string): Promise<void> => {
    await release(after, second, sides.after);
    if ((await roll('release', before, after, second)) && !setup.untilLost) {
      await scratch.revert();
      await roll('revert', after, before, first);
    }
  };

  await release(before, first, sides.before);
  const deployed = roll('first deployment', null, before, first);
  // Built meanwhile: nobody needs it before its release.
  const later = publish(after, sides.after);
  later.catch(() => undefined);
  const { replicas } = setup.numbers.played;
  const isAutoscaled = setup.rehearsed.autoscaler !== null;
  if (!(await (isAutoscaled ? deployed : Promise.race([deployed, readyPods(watch, replicas, deployed)])))) {
    return record();
  }
  await scaleToStart(setup);
  const url = await awaitAnswer(async () => cluster.url(), options.endpointLagMs, setup.request, signal);

  const { rate } = options;
  const load = await startCalibratedLoad({
    url,
    rate,
    request: setup.request,
    kept: keptConnections(rate, replicas, setup.numbers.played.drainMs),
    onSamples: (batch) => samples.push(...batch),
  });
  setup.onClose(() => load.abandon());
  steps.done(`load of ${rate} + ${rate} requests per second runs against ${url}`);
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
    const [isDeployed, second] = await Promise.all([deployed, later, pause(steady, undefined, { signal })]);
    if (!isDeployed) return false;

    await (options.idleMs === null ? releaseAndRevert(second) : pause(options.idleMs, undefined, { signal }));
    const lateMs = Math.max(0, options.endpointLagMs - setup.numbers.played.drainMs);
    if (!setup.untilLost) await pause(afterwardsMs + lateMs, undefined, { signal });
    return true;
  };
  if (!(await Promise.race([load.failed, underLoad()]))) return record();
  await load.stop();
  steps.done(`load ended after ${samples.length.toLocaleString('en')} requests`);
  return record();
}

/** A rollout that is not followed to its end. */
const unfinished = { syncedAt: null, completeAt: null, lastOldPodGoneAt: null, failure: null };

/** A control goes on for so long after its first loss: its other connections have met the pod by then. In milliseconds. */
const afterLossMs = 1_000;

/** Calls back a moment after the first request was lost that was due after a push. Returns how to end that. */
function onLoss(samples: readonly Sample[], pushedAt: number, lost: () => void): () => void {
  const looking = setInterval(() => {
    const first = samples.find(({ dueAt, failure }) => dueAt >= pushedAt && failure !== null);
    if (first !== undefined && Date.now() > first.endedAt + afterLossMs) lost();
  }, 100);
  return () => clearInterval(looking);
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

/**
 * How long each step of a rollout is waited for: as long as its startup probe lets a pod take, and as its pods may take to end.
 * Argo CD's own polling takes up to 260 s, as measured.
 */
function patienceMs(boundMs: number, { options, sides, numbers: { played, head = played } }: Setup): number {
  const slowest = [sides.before, sides.after].map(({ rehearsed: { deployment } }) =>
    rolloutNumbers(deployment, slowestStartMs(deployment)),
  );
  const mostMs = Math.max(3 * boundMs, ...slowest.map((one) => one.boundMs));
  const graceMs = 1_000 * Math.max(played.graceSeconds, head.graceSeconds);
  const pollMs = options.context?.poll === true ? 300_000 : 0;
  return mostMs + graceMs + options.endpointLagMs + 60_000 + pollMs;
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
