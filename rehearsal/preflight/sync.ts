import { connect } from 'zerodrop/rollout';
import { setImage } from '../manifests/settle.ts';
import { rolloutNumbers } from '../manifests/timing.ts';
import { followRollout } from '../play/rollout.ts';
import type { Stage } from '../play/stage.ts';
import { playedVersions } from '../play/versions.ts';
import { selfHealProblems } from './self-heal.ts';

const withinMs = 180_000;

/** What Argo CD has against an environment, deployed in a place of its own: it must be Synced and Healthy, and stay so. */
export async function syncProblems(stage: Stage, context: string): Promise<readonly string[]> {
  const { scratch, target, watch, options, rehearsed, signal } = stage;
  const [version] = playedVersions(options);
  const image = await target.publish({ version, revision: scratch.revision, startupMs: options.startupMs });
  await setImage(scratch.directory, rehearsed, image);
  await scratch.commit(`Release ${version}`);
  const revision = await scratch.push();
  await target.follow();
  const expected = { ...rolloutNumbers(rehearsed.deployment, options.startupMs), boundMs: withinMs };
  const pushed = { name: 'preflight', revision, from: null, to: version, pushedAt: Date.now(), ...expected };
  const played = await followRollout(target, watch, pushed, image, withinMs, signal);
  if (played.failure !== null) return [played.failure];
  const { namespace } = rehearsed.application.destination;
  const cluster = await connect(context);
  // The play's own name is that of its namespace and of its Application.
  return selfHealProblems(
    cluster,
    { namespace, service: rehearsed.deployment.metadata.name, application: namespace },
    watch,
    signal,
  );
}
