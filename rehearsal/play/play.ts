import { setTimeout as pause } from 'node:timers/promises';
import { podTiming, rolloutBoundMs } from '../../apps/lossless/rollout-time.ts';
import { rollout } from '../../apps/lossless/rollout.ts';
import { originalAllows } from '../baseline.ts';
import { startLoad } from '../load/load.ts';
import type { Sample } from '../load/sample.ts';
import type { PlayedRollout, PlayRecord } from '../record.ts';
import { awaitAnswer } from './answer.ts';
import { followRollout } from './rollout.ts';
import type { Stage } from './stage.ts';

/** How long the load runs before the first commit, and after the last old pod is gone: both must be without a loss too. */
const steadyMs = 2_000;

/** Plays first deployment, release and revert, the last two under load, and returns all that was seen. */
export async function play(stage: Stage): Promise<PlayRecord> {
  const { scratch, target, watch, options, signal, steps } = stage;
  const startedAt = Date.now();
  const rollouts: PlayedRollout[] = [];
  const samples: Sample[] = [];
  const record = (): PlayRecord => ({
    target: target.name,
    settings: stage.settings,
    rate: options.rate,
    startedAt,
    endedAt: Date.now(),
    versions: Object.fromEntries(images),
    rollouts,
    observed: watch.observed,
    samples,
  });
  const images = new Map<string, string>();
  const publish = async (version: string): Promise<string> => {
    const image = await target.publish({ version, revision: scratch.revision, startupMs: options.startupMs });
    images.set(image, version);
    return image;
  };
  const v1 = await publish('v1');
  const v2 = await publish('v2');
  steps.done('images v1 and v2 built');

  const allow = stage.settings === 'original' ? originalAllows : [];
  const release = async (image: string): Promise<void> =>
    scratch.release({ environment: stage.environment.name, image, source: scratch.revision, allow });

  /** Pushes what is committed and follows it; false where it did not roll out. */
  const roll = async (name: string, from: string | null, to: string): Promise<boolean> => {
    const revision = await scratch.push();
    const pushedAt = Date.now();
    const expected = expectations(stage);
    const image = to === 'v1' ? v1 : v2;
    if (from === null) await target.follow();
    const pushed = { name, revision, from, to, pushedAt, ...expected };
    const played = await followRollout(target, watch, pushed, image, 3 * expected.boundMs + 60_000, signal);
    rollouts.push(played);
    steps.rolled(played);
    return played.failure === null;
  };

  await release(v1);
  if (!(await roll('first deployment', null, 'v1'))) return record();
  const url = await target.url();
  await awaitAnswer(url, options.endpointLagMs, signal);

  const load = await startLoad({ url, rate: options.rate, onSamples: (batch) => samples.push(...batch) });
  stage.onStrike(() => load.abandon());
  steps.done(`load of ${options.rate} + ${options.rate} requests per second runs against ${url}`);
  steps.follow(watch, samples);
  await pause(steadyMs, undefined, { signal });

  await release(v2);
  if (await roll('release', 'v1', 'v2')) {
    await scratch.revert();
    await roll('revert', 'v2', 'v1');
  }
  await pause(steadyMs, undefined, { signal });
  await load.stop();
  steps.done(`load ended after ${samples.length.toLocaleString('en')} requests`);
  return record();
}

function expectations({ environment, options }: Stage) {
  const values = rollout(environment.settings);
  const { replicas, maxSurge, maxUnavailable } = values;
  const boundMs = rolloutBoundMs(replicas, maxSurge, maxUnavailable, podTiming(values, options.startupMs));
  return { replicas, maxSurge, maxUnavailable, boundMs };
}
