import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { makeWatch, type Watch } from '../../rollout/watch.ts';
import {
  type ClusterRequest,
  type Place,
  type PlayRecord,
  type RehearsalCluster,
  type Repository,
  takeAllDown,
} from '../cluster.ts';
import { hasService } from '../embedded/argo-cd/application.ts';
import { inWords, type ServiceRequest, usualRequest } from '../load/request.ts';
import { writeChanges } from '../manifests/changes.ts';
import { listAt, readObjects } from '../manifests/object.ts';
import { applicationToPlay, type Placed } from '../manifests/own-folder.ts';
import {
  drainOf,
  type PlayedNumbers,
  type PlayedSettings,
  playedNumbers,
  readRehearsed,
  type Rehearsed,
} from '../manifests/rehearsed.ts';
import type { RehearsalOptions } from '../options.ts';
import { settingsName } from '../report/words.ts';
import { makeScratch, type Scratch, scratchEnvironment } from '../scratch.ts';
import type { Steps } from '../terminal.ts';
import { openEmbedded } from './embedded.ts';

/** Everything that one play needs, ready. */
export interface Setup {
  readonly settings: PlayedSettings;
  readonly untilLost: boolean;
  readonly rehearsed: Rehearsed;
  readonly numbers: PlayRecord['numbers'];
  readonly request: ServiceRequest;
  readonly asked: PlayRecord['asked'];
  readonly options: RehearsalOptions;
  readonly scratch: Scratch;
  readonly cluster: RehearsalCluster;
  readonly watch: Watch;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Has something taken down at the end; what was added last goes first. */
  onClose(takeDown: () => Promise<void>): void;
  close(): Promise<void>;
}

/** What is to be played. */
export interface PlayRequest extends RunRequest {
  readonly base: Base;
  readonly settings: PlayedSettings;
  /** A control ends once it has lost requests: it has shown what it is for. */
  readonly untilLost: boolean;
  /** A comparison plays on both, one after the other. */
  readonly on: 'embedded' | 'context';
}

/** What one run of the command is about. */
export interface RunRequest {
  readonly repository: Repository;
  /** The project's directory. */
  readonly project: string;
  /** The folder of the run. */
  readonly folder: string;
  readonly options: RehearsalOptions;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** The project's last commit in a clone, with an Application that has a Deployment: every play of a run is cloned from it. */
export interface Base {
  readonly directory: string;
  /** The project's commit. */
  readonly revision: string;
  readonly asked: Placed;
  readonly committed: Rehearsed;
}

/** Makes the base of a run. Throws {@link UsageError} where there is nothing to play. */
export async function makeBase({ repository, project, folder, options, signal }: RunRequest): Promise<Base> {
  const own = path.join(folder, `base-${options.environment ?? 'first'}`);
  await mkdir(own);
  const { directory, revision, commit } = await makeScratch(project, own, process.env, signal);
  const asked = await applicationToPlay(repository, directory, options);
  const committed = await preparedApplication(repository, directory, asked, signal);
  await commit('Prepare the rehearsal');
  return { directory, revision, asked, committed };
}

/** Makes the scratch clone, writes the manifests of the play into it, and opens the cluster. */
export async function setUp(request: PlayRequest): Promise<Setup> {
  const { repository, base, folder, settings, untilLost, on, options, steps, signal } = request;
  const { asked, committed, revision } = base;
  const own = path.join(folder, `${on}-${settings}-${options.environment ?? 'first'}`);
  await mkdir(own);
  refuseUnscalable(committed, options.replicas);
  const scratch = { ...(await makeScratch(base.directory, own, process.env, signal)), revision };
  const watch = makeWatch(signal);
  const takeDowns: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => takeAllDown(takeDowns.splice(0).toReversed());
  let rehearsed = committed;
  const write = async ({ repository: source, namespace, expose }: Place): Promise<Rehearsed> => {
    await writeChanges(scratch.directory, asked.folder, committed, source, {
      settings,
      replicas: options.replicas,
      drainMs: options.drainMs,
      drainVariable: repository.drainVariable,
      expose,
      namespace: namespace === null ? null : { from: committed.application.destination.namespace, to: namespace },
    });
    await scratch.commit('Take the settings of the rehearsal');
    rehearsed = (await readRehearsed(scratch.directory, asked.folder, asked.name)) ?? committed;
    steps.done(`scratch clone of ${revision.slice(0, 7)} with ${settingsName(settings)}`);
    return rehearsed;
  };
  const cluster = await openCluster(on, {
    options,
    repository,
    applications: asked.folder,
    scratch,
    service: committed.deployment.metadata.name,
    folder: own,
    environment: process.env,
    write,
    observe: (observed) => watch.see(observed),
    say: (what) => steps.done(what),
    signal,
  });
  takeDowns.push(async () => cluster.close());
  steps.done(`${cluster.name} is ready`);
  const asking = await requestOf(rehearsed, request, scratch.directory);
  return {
    settings,
    untilLost,
    rehearsed,
    request: asking,
    asked: { request: inWords(asking), version: whereVersionStands(asking, cluster) },
    numbers: {
      played: numbersOf(rehearsed, repository, options.replicas),
      committed: numbersOf(committed, repository, null),
      endpointLagMs: on === 'embedded' || cluster.proxy !== null ? options.endpointLagMs : null,
      proxy: cluster.proxy,
      drainSetting: repository.drainVariable ?? 'the sleep of the preStop hook',
    },
    options,
    scratch: delivered(scratch, cluster),
    cluster,
    watch,
    steps,
    signal,
    onClose: (takeDown) => void takeDowns.push(takeDown),
    close,
  };
}

/** The drain that is committed, in milliseconds; 0 where none is known. */
export function committedDrainMs({ committed: { deployment } }: Base, { drainVariable }: Repository): number {
  return drainOf(deployment, drainVariable);
}

/** What the service is asked: as an option says, or the repository, or the usual. */
async function requestOf(
  { application, deployment, service }: Rehearsed,
  { options, repository }: PlayRequest,
  directory: string,
): Promise<ServiceRequest> {
  const said = options.own.request ?? repository.request ?? null;
  if (said !== null) return said;
  const objects = await readObjects(path.join(directory, application.path));
  const found = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === service);
  const ports = (listAt(found, 'spec', 'ports') ?? []).slice(0, 1);
  return usualRequest(
    deployment,
    ports.map((port) => port['targetPort'] ?? port['port']),
  );
}

function whereVersionStands({ version }: ServiceRequest, { answeredBy }: RehearsalCluster): string | null {
  if (version !== null)
    return 'header' in version ? `the header ${version.header}` : `the field ${version.json} of the answer`;
  return answeredBy === undefined ? null : 'the pod that each connection reached';
}

function numbersOf(rehearsed: Rehearsed, { drainVariable }: Repository, scaled: number | null): PlayedNumbers {
  return playedNumbers(rehearsed, drainOf(rehearsed.deployment, drainVariable), scaled);
}

/** Throws {@link UsageError} where an autoscaler would not keep so many pods. */
function refuseUnscalable({ autoscaler }: Rehearsed, replicas: number | null): void {
  if (autoscaler === null || replicas === null) return;
  if (replicas >= autoscaler.min && replicas <= autoscaler.max) return;
  throw new UsageError(
    `--replicas is ${replicas}, but the autoscaler keeps ${autoscaler.min} to ${autoscaler.max} pods. Name a number within these bounds.`,
  );
}

/** A push is made where the cluster looks for it, too. */
function delivered(scratch: Scratch, cluster: RehearsalCluster): Scratch {
  return {
    ...scratch,
    async push() {
      const commit = await scratch.push();
      await cluster.deliver(commit);
      return commit;
    },
  };
}

/**
 * The name of the Application that is to be played where nothing sends its pods requests: it has no Service, and its Deployment declares
 * no port. Null for any other.
 */
export async function withoutRequests({ directory, asked, committed }: Base): Promise<string | null> {
  if (await hasService(directory, asked.folder, asked.name)) return null;
  const containers = listAt(committed.deployment, 'spec', 'template', 'spec', 'containers') ?? [];
  return containers.some((container) => (listAt(container, 'ports') ?? []).length > 0) ? null : asked.name;
}

/** Reads an Application with its Deployment, which is made where nothing was released yet. Throws {@link UsageError} where there is none. */
async function preparedApplication(
  { prepare }: Repository,
  directory: string,
  { folder, name }: Placed,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const found = await readRehearsed(directory, folder, name);
  if (found !== null) return found;
  await prepare(name, { directory, environment: scratchEnvironment(process.env), signal });
  const prepared = await readRehearsed(directory, folder, name);
  if (prepared !== null) return prepared;
  throw new UsageError(`The folder of Application ${name} has no Deployment to rehearse. Release an image first.`);
}

/** Opens the cluster that the options name. */
async function openCluster(on: PlayRequest['on'], request: ClusterRequest): Promise<RehearsalCluster> {
  const { context } = request.options;
  if (on === 'embedded' || context === null) return openEmbedded(request);
  // Only here: the client of a real cluster takes a second to load.
  const { openKubernetes } = await import('../kubernetes/cluster.ts');
  return openKubernetes(request, context);
}
