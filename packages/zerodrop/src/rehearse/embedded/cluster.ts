import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { ApplicationObservation, Observation, Observe, Observed, PodObservation } from '../../rollout/watch.ts';
import type { RehearsalCluster, Repository } from '../cluster.ts';
import type { ImageRequest } from '../kubernetes/build.ts';
import { lostConnection } from './balancer/traffic.ts';
import type { Commands, FromBalancer, Reached, FromCluster, ToBalancer, ToCluster } from './programs.ts';
import { preparePrograms, startProgram } from './programs.ts';

export interface EmbeddedOptions {
  /** The working copy that is built where an image names no other, with its node_modules. */
  readonly directory: string;
  /** Path or URL of the bare repository whose main is followed. */
  readonly remote: string;
  /** The folder of Argo CD's Applications. */
  readonly applications: string;
  /** The Application whose status, Deployment and pods are told of. */
  readonly application: string;
  /** The image repository, without tag or digest. */
  readonly image: string;
  /** A folder of the run, for bundles, logs and what the sync agent fetches. */
  readonly workDirectory: string;
  /** How long a changed endpoint takes to reach the traffic. */
  readonly endpointLagMs: number;
  /** An L7 load balancer's proxy and what its health check asks; null for one that hands on connections. */
  readonly proxy?: { readonly program: string; readonly healthPath: string | null } | null;
  readonly build: Repository['build'];
  /** What pods run in the place of what is built. */
  readonly commands?: ((image: ImageRequest) => OwnCommands) | null;
  readonly validate: Repository['validate'];
  readonly observe: Observe;
  /** Where the service is reached on 127.0.0.1; any free port where it is not given. */
  readonly port?: number;
}

/** Commands of this machine, in the place of images. */
export interface OwnCommands extends Omit<Commands, 'version'> {
  /** The images of containers that are not released. */
  readonly images: readonly string[];
}

const explainedLines = 20;

/** Boots the embedded cluster with its load balancer, each in a process of its own. */
export async function openEmbeddedCluster(options: EmbeddedOptions): Promise<RehearsalCluster> {
  const folder = path.join(options.workDirectory, 'embedded');
  const images = path.join(folder, 'images');
  const logs = path.join(folder, 'logs');
  const pods = path.join(folder, 'pods');
  for (const made of [images, logs, pods]) await mkdir(made, { recursive: true });
  await preparePrograms(folder);
  const balancer = startProgram<ToBalancer, FromBalancer>(folder, 'balancer');
  const cluster = startProgram<ToCluster, FromCluster>(folder, 'cluster');
  const ending = new AbortController();
  let memory = nothingSeen;
  /** The pods that connections reached, by the client's port, which is used again, and the image of each pod. */
  const reached = new Map<number, Reached[]>();
  const imageOf = new Map<string, string>();

  const observe = (observed: Observed): void => {
    if (ending.signal.aborted) return;
    memory = remember(memory, observed);
    if (observed.kind === 'pods') for (const { name, image } of observed.pods) imageOf.set(name, image);
    options.observe(observed);
  };
  const relay = (message: Extract<FromCluster, { type: 'endpoints' }>): void =>
    balancer.tell({ ...message, applyAt: message.at + options.endpointLagMs });
  const judge = ({ id, object }: Extract<FromCluster, { type: 'validate' }>): void =>
    cluster.tell({ type: 'validated', id, problems: options.validate(object) });
  const listening = new Promise<number>((resolve) =>
    balancer.hear((message) => {
      if (message.type === 'listening') resolve(message.port);
      else if (message.type === 'reached')
        for (const one of message.connections) reached.set(one.port, [...(reached.get(one.port) ?? []), one]);
      else if (message.type === 'stalled')
        observe({ kind: 'stalled', part: 'load balancer', ms: message.ms, at: message.at });
      else observe({ ...lostConnection(message.pod, message.code), at: message.at });
    }),
  );
  const booted = new Promise<void>((resolve) =>
    cluster.hear((message) => {
      if (message.type === 'booted') resolve();
      else if (message.type === 'observed') observe(message.observed);
      else if (message.type === 'validate') judge(message);
      else relay(message);
    }),
  );
  let close: Promise<unknown> | null = null;
  const end = async (): Promise<void> => {
    ending.abort(new Error('The embedded cluster was taken down.'));
    await (close ??= Promise.all([cluster.end(), balancer.end()]));
  };

  const broken = Promise.race([cluster.failed, balancer.failed]);
  broken.catch((error: Error) =>
    observe({ kind: 'warning', object: 'rehearsal', reason: 'Ended', message: error.message, at: Date.now() }),
  );
  /** Does what is asked, or throws why a program that is needed for it has ended. */
  const whileRunning = async <T>(work: () => Promise<T> | T): Promise<T> => {
    ending.signal.throwIfAborted();
    return Promise.race([broken, (async () => work())()]);
  };

  const proxy = options.proxy ?? null;
  balancer.tell({ type: 'listen', port: options.port ?? 0, proxy: proxy === null ? null : { ...proxy, folder } });
  cluster.tell({
    type: 'boot',
    remote: options.remote,
    applications: options.applications,
    application: options.application,
    checkoutDirectory: path.join(folder, 'checkout.git'),
    logDirectory: logs,
    podDirectory: pods,
    runner: path.join(folder, 'runner.cjs'),
  });
  let port: number;
  try {
    [port] = await whileRunning(async () => Promise.all([listening, booted]));
  } catch (error) {
    await end();
    throw error;
  }

  return {
    name: 'embedded',
    proxy: proxy?.program ?? null,
    publish: async (request) =>
      whileRunning(async () => {
        const commands = options.commands?.(request);
        if (commands === undefined) {
          const { build, directory, image: repository } = { ...options, ...request };
          const place = { build, directory, repository, folder: images };
          const { reference, bundle } = await buildImage(place, request, ending.signal);
          cluster.tell({ type: 'image', reference, program: { bundle } });
          return reference;
        }
        const program = { ...commands, version: request.version };
        const reference = pinned(options.image, request.version, JSON.stringify(program));
        for (const image of [reference, ...commands.images]) cluster.tell({ type: 'image', reference: image, program });
        return reference;
      }),
    deliver: async () => undefined,
    // A proxy's connections are its own.
    ...(proxy === null
      ? { answeredBy: (from, at) => imageOf.get(podReached(reached.get(from) ?? [], at) ?? '') ?? null }
      : {}),
    follow: async () => whileRunning(() => cluster.tell({ type: 'follow' })),
    refresh: async () => whileRunning(() => cluster.tell({ type: 'refresh' })),
    url: async () => whileRunning(() => `http://127.0.0.1:${port}`),
    scale: async (replicas) => whileRunning(() => cluster.tell({ type: 'scale', replicas })),
    async explain() {
      const pod = newestInTrouble(memory);
      const log = pod === null ? '' : await readFile(path.join(logs, `${pod.name}.log`), 'utf8').catch(() => '');
      const lines = log.trim() === '' ? [] : log.trim().split('\n');
      return explanation(memory, pod, lines.slice(-explainedLines));
    },
    close: end,
  };
}

/** An image of the embedded cluster: a bundle, and the reference that stands for it. */
export interface Image {
  readonly reference: string;
  readonly bundle: string;
}

export interface ImageFolder {
  readonly build: Repository['build'];
  /** The working copy that is built. */
  readonly directory: string;
  /** The image repository: references start with it. */
  readonly repository: string;
  /** Where the bundles are kept. */
  readonly folder: string;
}

/** Builds the service of a working copy. */
async function buildImage(
  { build, directory, repository, folder }: ImageFolder,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<Image> {
  const built = path.join(folder, `${request.version}.cjs`);
  await build(request, built, { directory, environment: process.env, signal });
  const reference = pinned(repository, request.version, await readFile(built));
  const bundle = path.join(folder, `${reference.slice(reference.lastIndexOf(':') + 1)}.cjs`);
  await rename(built, bundle);
  return { reference, bundle };
}

/** The digest is that of what runs, as an image's is that of its contents. */
function pinned(repository: string, version: string, contents: string | Buffer): string {
  return `${repository}:${version}@sha256:${createHash('sha256').update(contents).digest('hex')}`;
}

/** The clocks of two programs of one machine differ by less, in milliseconds. */
const skewMs = 10;

/** The pod of the newest of a port's connections that was there at a time. */
export function podReached(connections: readonly Reached[], at: number): string | undefined {
  return connections.findLast((one) => one.at <= at + skewMs)?.pod;
}

/** What was last seen that can explain a failure. */
export interface Memory {
  readonly application: ApplicationObservation | null;
  readonly warnings: readonly string[];
  /** From the oldest to the newest. */
  readonly pods: readonly PodObservation[];
}

export const nothingSeen: Memory = { application: null, warnings: [], pods: [] };

const keptWarnings = 5;

/** What is remembered after one more observation. */
export function remember(memory: Memory, seen: Observation): Memory {
  switch (seen.kind) {
    case 'application':
      return { ...memory, application: seen };
    case 'pods':
      return { ...memory, pods: seen.pods };
    case 'warning':
      return {
        ...memory,
        warnings: [...memory.warnings, `${seen.object} ${seen.reason}: ${seen.message}`].slice(-keptWarnings),
      };
    default:
      return memory;
  }
}

/** The newest pod that is in trouble; null where every pod is well. */
export function newestInTrouble({ pods }: Memory): PodObservation | null {
  return pods.findLast(({ state }) => state === 'failed') ?? pods.findLast(({ state }) => state === 'starting') ?? null;
}

/** Puts a failure into words: the sync's, the cluster's warnings, and the last lines of the pod's log. */
export function explanation(
  { application, warnings }: Memory,
  pod: PodObservation | null,
  log: readonly string[],
): string {
  const said = application?.conditions.map(({ type, message }) => `${type}: ${message}`) ?? [];
  const sync = application?.phase === 'Failed' ? [`Sync failed: ${application.message}`] : [];
  const words =
    pod === null || log.length === 0 ? [] : [`Last words of pod ${pod.name}:`, ...log.map((line) => `  ${line}`)];
  return [...sync, ...said, ...warnings, ...words].join('\n');
}
