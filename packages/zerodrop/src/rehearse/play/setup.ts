import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { makeWatch, type Watch } from '../../rollout/watch.ts';
import {
  type ClusterRequest,
  type Place,
  type PlayedSide,
  type PlayedLongLived,
  type PlayedSides,
  type PlayRecord,
  type RehearsalCluster,
  type Repository,
  takeAllDown,
} from '../cluster.ts';
import { get, inWords, type ServiceRequest, usualRequest } from '../load/request.ts';
import { longLivedOrders, type Over } from '../load/schedule.ts';
import { writeChanges } from '../manifests/changes.ts';
import { listAt, readObjects, serviceContainer } from '../manifests/object.ts';
import {
  drainOf,
  type PlayedNumbers,
  type PlayedSettings,
  playedNumbers,
  readRehearsed,
  type Rehearsed,
  rolloutNumbers,
  slowestStartMs,
} from '../manifests/rehearsed.ts';
import type { RehearsalOptions } from '../options.ts';
import { settingsName } from '../report/words.ts';
import { delivered, makeScratch, type Scratch } from '../scratch.ts';
import type { Steps } from '../terminal.ts';
import { openEmbedded, refuseAbsentProxy } from './embedded.ts';
import type { Scene } from './scenes.ts';
import type { RunRequest, Side, Sides } from './sides.ts';

/** Everything that one play needs, ready. */
export interface Setup {
  readonly settings: PlayedSettings;
  readonly scene: Scene;
  readonly untilLost: boolean;
  /** What is played first and comes back. */
  readonly rehearsed: Rehearsed;
  readonly sides: PlayedSides;
  /** The folder of Argo CD's objects. */
  readonly applications: string;
  readonly numbers: PlayRecord['numbers'];
  readonly request: ServiceRequest;
  readonly over: Over;
  /** Null where none are asked for. */
  readonly longLived: Omit<PlayedLongLived, 'ended'> | null;
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
  readonly sides: Sides;
  readonly settings: PlayedSettings;
  readonly scene: Scene;
  /** A control ends once it has lost requests: it has shown what it is for. */
  readonly untilLost: boolean;
  /** A comparison plays on both, one after the other. */
  readonly on: 'embedded' | 'context';
}

/** Makes the scratch clone, writes the manifests of the play into it, and opens the cluster. */
export async function setUp(request: PlayRequest): Promise<Setup> {
  const { repository, sides: made, folder, settings, scene, untilLost, on, options, steps, signal } = request;
  const { asked, committed, revision } = made.before;
  const own = path.join(folder, `${on}-${scene.name}-${settings}-${options.environment ?? 'first'}`);
  await mkdir(own);
  for (const side of [made.before, made.after]) refuseUnscalable(side.committed, options.replicas);
  const scratch = { ...(await makeScratch(made.before.directory, own, process.env, signal)), revision };
  const watch = makeWatch(signal);
  const takeDowns: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => takeAllDown(takeDowns.splice(0).toReversed());
  let sides: PlayedSides | null = null;
  const write = async (place: Place): Promise<PlayedSides> => {
    const before = await written(made.before, scratch, place, request);
    steps.done(`scratch clone of ${revision.slice(0, 7)} with ${settingsName(settings)}`);
    sides = {
      before,
      after: made.after === made.before ? before : await writtenBeside(made.after, own, place, request),
    };
    return sides;
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
  if (sides === null) throw new Error('The cluster did not ask for its manifests.');
  const { before, after }: PlayedSides = sides;
  const { rehearsed } = before;
  const asking = await requestOf([before, after], request);
  return {
    settings,
    scene,
    untilLost,
    rehearsed,
    sides,
    applications: asked.folder,
    request: asking,
    longLived: longLivedOf(rehearsed, request),
    over: { isHttp2: options.isHttp2, authority: cluster.authority ?? null },
    asked: { request: `${inWords(asking)}${overWords(options)}`, version: whereVersionStands(asking, cluster) },
    numbers: {
      played: numbersOf(rehearsed, repository, options.replicas),
      committed: numbersOf(committed, repository, null),
      ...(after === before ? {} : { head: numbersOf(after.rehearsed, repository, options.replicas) }),
      endpointLagMs: on === 'embedded' || cluster.proxy !== null ? options.endpointLagMs : null,
      proxy: cluster.proxy,
      drainSetting: repository.drainVariable ?? 'the sleep of the preStop hook',
    },
    options,
    scratch: delivered(scratch, async (commit) => cluster.deliver(commit)),
    cluster,
    watch,
    steps,
    signal,
    onClose: (takeDown) => void takeDowns.push(takeDown),
    close,
  };
}

/** Writes the manifests of a side into a clone of it, as they are played. */
async function written(
  { asked, committed, revision, program }: Side,
  scratch: Scratch,
  { repository: source, namespace, expose }: Place,
  { settings, options, repository }: PlayRequest,
): Promise<PlayedSide> {
  const { directory } = scratch;
  await writeChanges(directory, asked.folder, committed, source, {
    settings,
    replicas: options.replicas,
    drainMs: options.drainMs,
    drainVariable: repository.drainVariable,
    expose,
    namespace: namespace === null ? null : { from: committed.application.destination.namespace, to: namespace },
  });
  await scratch.commit('Take the settings of the rehearsal');
  const rehearsed = (await readRehearsed(directory, asked.folder, asked.name)) ?? committed;
  return { directory, revision, rehearsed, program };
}

async function writtenBeside(side: Side, folder: string, place: Place, request: PlayRequest): Promise<PlayedSide> {
  const own = path.join(folder, 'head');
  await mkdir(own);
  return written(side, await makeScratch(side.directory, own, process.env, request.signal), place, request);
}

/** What the service is asked: as an option says, or the repository, or the usual, which both sides have to answer. */
async function requestOf(sides: readonly PlayedSide[], { options, repository }: PlayRequest): Promise<ServiceRequest> {
  const said = options.own.request ?? repository.request ?? null;
  if (said !== null) return said;
  const usual = await Promise.all(
    sides.map(async ({ directory, rehearsed: { application, deployment, service } }) => {
      const objects = await readObjects(path.join(directory, application.path));
      const found = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === service);
      const [port] = listAt(found, 'spec', 'ports') ?? [];
      return usualRequest(deployment, port === undefined ? [] : [port['targetPort'] ?? port['port']]);
    }),
  );
  const [first = get('/'), next = first] = usual;
  if (first.path === next.path) return first;
  throw new UsageError(
    `The readiness probe asks for ${first.path} in the base and for ${next.path} in the head, so nobody can tell what clients ask. Say it by --request "METHOD PATH".`,
  );
}

/** What long-lived clients are to do: as options say, and what the repository knows. */
function longLivedOf(rehearsed: Rehearsed, { options, repository, scene }: PlayRequest): Setup['longLived'] {
  const { slowRequest = null, limitVariable } = repository;
  const { replicas: pods, drainMs } = numbersOf(rehearsed, repository, options.replicas);
  const told = listAt(serviceContainer(rehearsed.deployment), 'env')?.find(({ name }) => name === limitVariable);
  const limitMs = told === undefined ? Number.POSITIVE_INFINITY : Number(told['value']);
  const { longLived } = options.own;
  // In every play where the manifest says how long a request may last, and that may lose nothing.
  const losesNothing = scene.steps.every(({ loses = 'nothing' }) => loses === 'nothing');
  const slow = longLived.slow ?? (told === undefined || !losesNothing ? null : slowRequest);
  const orders = longLivedOrders({ ...longLived, slow }, { pods, drainMs, lagMs: options.endpointLagMs, limitMs });
  return orders.length === 0 ? null : { orders, closedEarly: longLived.closedEarly };
}

function overWords({ isHttp2, isSecure }: RehearsalOptions): string {
  return `${isHttp2 ? ', by HTTP/2' : ''}${isSecure ? ', with TLS' : ''}`;
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

/** Opens the cluster that the options name. */
async function openCluster(on: PlayRequest['on'], request: ClusterRequest): Promise<RehearsalCluster> {
  const { context } = request.options;
  await refuseAbsentProxy(request);
  if (on === 'embedded' || context === null) return openEmbedded(request);
  // Only here: the client of a real cluster takes a second to load.
  const { openKubernetes } = await import('../kubernetes/cluster.ts');
  return openKubernetes(request, context);
}

/**
 * How long each step of a rollout is waited for: as long as its startup probe lets a pod take, and as its pods may take to end.
 * Argo CD's own polling takes up to 260 s, as measured.
 */
export function patienceMs(
  boundMs: number,
  { options, rehearsed: { deployment }, numbers: { played } }: Setup,
): number {
  const slowest = rolloutNumbers(deployment, slowestStartMs(deployment)).boundMs;
  const pollMs = options.context?.poll === true ? 300_000 : 0;
  return Math.max(3 * boundMs, slowest) + 1_000 * played.graceSeconds + options.endpointLagMs + 60_000 + pollMs;
}
