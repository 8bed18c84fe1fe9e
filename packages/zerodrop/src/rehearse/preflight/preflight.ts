import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, connect, read } from '../../rollout/kubernetes/api.ts';
import { applicationsPath, deploymentsPath } from '../../rollout/kubernetes/objects.ts';
import type { ApplicationObservation, Observed, Watch } from '../../rollout/watch.ts';
import { playedVersions } from '../cluster.ts';
import { applicationsIn } from '../embedded/argo-cd/application.ts';
import { argoNamespace, merge, thisProcess } from '../kubernetes/owner.ts';
import { changeDeployment, withImage } from '../manifests/changes.ts';
import { chosenApplication } from '../manifests/own-folder.ts';
import { rolloutNumbers } from '../manifests/rehearsed.ts';
import { followRollout } from '../play/rollout.ts';
import { releaseAndRevert } from '../play/scenes.ts';
import { setUp, type Setup } from '../play/setup.ts';
import { makeSide, type RunRequest } from '../play/sides.ts';
import { isAlive, makeScratch } from '../scratch.ts';
import { manifestProblems, removeStaleNamespaces } from './manifests.ts';

/** What was asked of an environment, and what is wrong with the answer. */
export interface Finding {
  readonly environment: string;
  readonly question: string;
  readonly problems: readonly string[];
}

/**
 * Asks a real API server and a real Argo CD about every environment before anything is rolled out: whether the manifests are taken
 * as they are, and whether git and the cluster come to rest. Throws where it can't ask.
 */
export async function preflight(
  request: RunRequest,
  context: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const { repository, project, folder, options, steps, signal } = request;
  const unchanged = path.join(folder, 'unchanged');
  await mkdir(unchanged);
  const scratch = await makeScratch(project, unchanged, environment, signal);
  const ofArgo = await repository.applications(scratch.directory, options);
  const applications = await applicationsIn(scratch.directory, ofArgo);
  const names =
    options.environment === null && options.service === null
      ? applications.map(({ metadata }) => metadata.name)
      : [chosenApplication(applications, options)];
  const cluster = await connect(context);
  const owner = thisProcess();
  for (const stale of await removeStaleNamespaces(cluster, owner.place, isAlive))
    steps.done(`removed ${stale}, left by a killed run`);
  const findings: Finding[] = [];
  const found = (name: string, question: string, problems: readonly string[]): void => {
    findings.push({ environment: name, question, problems });
    steps.done(`${name}: ${question}: ${problems.length === 0 ? 'yes' : `no\n${problems.join('\n')}`}`);
  };
  for (const name of names) {
    const asked = { ...request, options: { ...options, environment: name } };
    const side = await makeSide(asked);
    const manifests = path.join(side.directory, side.committed.application.path);
    found(name, 'the API server takes the manifests', await manifestProblems(cluster, manifests, owner));
    const setup = await setUp({
      ...asked,
      sides: { before: side, after: side },
      settings: 'ours',
      scene: releaseAndRevert,
      untilLost: false,
      on: 'context',
    });
    try {
      found(name, 'Argo CD and the cluster come to rest', await syncProblems(setup, cluster));
    } finally {
      await setup.close();
    }
  }
  return findings;
}

const syncsWithinMs = 180_000;

/** What Argo CD has against an environment, deployed in a place of its own: it must be Synced and Healthy, and stay so. */
async function syncProblems(setup: Setup, cluster: Cluster): Promise<readonly string[]> {
  const { watch, rehearsed, signal } = setup;
  const failure = await deploy(setup);
  if (failure !== null) return [failure];
  const { namespace } = rehearsed.application.destination;
  // The play's own name is that of its namespace and of its Application.
  return selfHealProblems(
    cluster,
    { namespace, service: rehearsed.deployment.metadata.name, application: namespace },
    watch,
    signal,
  );
}

/** Deploys the first version; returns why it did not come up, null where it did. */
export async function deploy(setup: Setup): Promise<string | null> {
  const { scratch, cluster: rehearsal, watch, options, rehearsed, signal } = setup;
  const [version] = playedVersions(options);
  const image = await rehearsal.publish({ version, revision: scratch.revision, startupMs: options.startupMs });
  await changeDeployment(scratch.directory, rehearsed, (deployment) => withImage(deployment, image));
  await scratch.commit(`Release ${version}`);
  const revision = await scratch.push();
  await rehearsal.follow();
  const expected = { ...rolloutNumbers(rehearsed.deployment, options.startupMs), boundMs: syncsWithinMs };
  const pushed = { name: 'first deployment', revision, from: null, to: version, pushedAt: Date.now(), ...expected };
  const asked = { awaited: { commit: revision, image }, until: 'complete' } as const;
  const played = await followRollout(rehearsal, watch, pushed, asked, syncsWithinMs, signal);
  return played.failure;
}

const healsWithinMs = 30_000;
const calmsWithinMs = 30_000;
const watchedMs = 15_000;
const lookEveryMs = 3_000;

/** A Deployment that Argo CD keeps as git has it. */
export interface Kept {
  readonly namespace: string;
  readonly service: string;
  readonly application: string;
}

/**
 * Changes a field of the Deployment by hand, waits until Argo CD has it back as git says, and then makes Argo CD compare again
 * and again. Returns what is wrong: it does not heal, or never comes to rest.
 */
async function selfHealProblems(
  cluster: Cluster,
  { namespace, service, application }: Kept,
  watch: Watch,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const deployment = `${deploymentsPath(namespace)}/${service}`;
  const committed = await historyLimit(cluster, deployment);
  // No pod depends on this field, so that nothing rolls.
  await merge(cluster, deployment, { spec: { revisionHistoryLimit: committed + 1 } });
  if (!(await becomes(async () => (await historyLimit(cluster, deployment)) === committed, healsWithinMs, signal))) {
    return [`Argo CD has not healed a change by hand within ${healsWithinMs / 1_000} s.`];
  }
  const calm = await watch.until(
    ({ application: seen }) => (seen?.sync === 'Synced' && seen.phase !== 'Running' && !seen.pending ? true : null),
    calmsWithinMs,
  );
  if (calm === null) return ['Argo CD healed a change by hand, and still sees a difference.'];
  const since = Date.now();
  while (Date.now() < since + watchedMs) {
    // `hard` renders anew, past every cache.
    const annotations = { 'argocd.argoproj.io/refresh': 'hard' };
    await merge(cluster, `${applicationsPath(argoNamespace)}/${application}`, { metadata: { annotations } });
    await pause(lookEveryMs, undefined, { signal });
  }
  return unrest(applicationsSince(watch.observed, since));
}

async function historyLimit(cluster: Cluster, deployment: string): Promise<number> {
  const { spec } = await read<{ spec: { revisionHistoryLimit?: number } }>(cluster, deployment);
  return spec.revisionHistoryLimit ?? 10;
}

async function becomes(ask: () => Promise<boolean>, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt) {
    if (await ask()) return true;
    await pause(200, undefined, { signal });
  }
  return false;
}

/** An Application as it was seen, and when. */
export type SeenApplication = ApplicationObservation & { readonly at: number };

/** The applications among what was seen from a moment on. */
export function applicationsSince(observed: readonly Observed[], since: number): readonly SeenApplication[] {
  return observed.flatMap((seen) => (seen.kind === 'application' && seen.at >= since ? [seen] : []));
}

/**
 * What says that git and the cluster never come to rest: an application that is not Synced and Healthy all the time, or one
 * that syncs again, though nobody changed anything. A field that the API server defaults or rewrites looks like this.
 */
export function unrest(seen: readonly SeenApplication[]): readonly string[] {
  const unsettled = seen.find(({ sync, health }) => sync !== 'Synced' || health !== 'Healthy');
  const syncing = seen.find(({ pending, phase }) => pending || phase === 'Running');
  return [
    ...(unsettled === undefined
      ? []
      : [`Argo CD calls it ${unsettled.sync} and ${unsettled.health} without any change.`]),
    ...(syncing === undefined ? [] : ['Argo CD syncs it again without any change.']),
  ];
}
