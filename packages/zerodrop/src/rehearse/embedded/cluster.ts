import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Observe, Observed } from '../../rollout/watch.ts';
import type { RehearsalCluster, Repository } from '../cluster.ts';
import type { ImageRequest } from '../kubernetes/build.ts';
import type { ImageFault } from '../kubernetes/disturb.ts';
import { explanation, lostConnection, newestInTrouble, nothingSeen, remember } from '../report/words.ts';
import { moveAway } from '../scratch.ts';
import type { ProxyOptions } from './balancer/traffic.ts';
import { buildImage, pinned } from './pods/process.ts';
import type { Commands, FromBalancer, FromCluster, PodProgram, Reached, ToBalancer, ToCluster } from './programs.ts';
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
  /** An L7 load balancer's proxy; null for one that hands on connections. */
  readonly proxy?: (Omit<ProxyOptions, 'folder' | 'port'> & { readonly authority?: string }) | null;
  readonly build: Repository['build'];
  /** What pods run in the place of what is built. */
  readonly commands?: ((image: ImageRequest) => OwnCommands) | null;
  /** What stands for a version with this fault; undefined where the version itself runs, or none. */
  readonly badProgram?: (fault: ImageFault | undefined) => BadProgram | undefined;
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

/** A program of Node.js, and the container that it runs in. */
export interface BadProgram {
  readonly container: string;
  readonly text: string;
}

function writing(text: string): Repository['build'] {
  return async (_, out) => writeFile(out, text);
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
  /** Aborted where no pod will answer: the mistake of whoever said what runs in it. */
  const unstartable = new AbortController();
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
  let lagMs = options.endpointLagMs;
  const evictions: ((isGranted: boolean) => void)[] = [];
  /** Images that no registry has yet. */
  const withheld: Extract<ToCluster, { type: 'image' }>[] = [];
  const relay = (message: Extract<FromCluster, { type: 'endpoints' }>): void =>
    balancer.tell({ ...message, applyAt: message.at + lagMs });
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
      else if (message.type === 'unstartable') unstartable.abort(new UsageError(message.why));
      else if (message.type === 'validate') judge(message);
      else if (message.type === 'evicted') evictions[message.id]?.(message.isGranted);
      else relay(message);
    }),
  );
  let close: Promise<unknown> | null = null;
  const end = async (): Promise<void> => {
    ending.abort(new Error('The embedded cluster was taken down.'));
    await (close ??= Promise.all([cluster.end(), balancer.end()]));
  };

  const broken = Promise.race([cluster.failed, balancer.failed, whenAborted(unstartable.signal)]);
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
    ...(proxy?.authority === undefined ? {} : { authority: proxy.authority }),
    publish: async (request) =>
      whileRunning(async () => {
        const tell = (reference: string, program: PodProgram): string => {
          const message = { type: 'image', reference, program } as const;
          if (request.fault === 'withheld') withheld.push(message);
          else if (request.fault !== 'missing') cluster.tell(message);
          return reference;
        };
        const bad = options.badProgram?.(request.fault);
        const commands = options.commands?.(request);
        if (commands === undefined) {
          const { directory, image: repository } = { ...options, ...request };
          const build = bad === undefined ? options.build : writing(bad.text);
          const place = { build, directory, repository, folder: images };
          const { reference, bundle } = await buildImage(place, request, ending.signal);
          return tell(reference, { bundle });
        }
        const file = path.join(images, `${request.version}.cjs`);
        if (bad !== undefined) await writeFile(file, bad.text);
        const own = bad === undefined ? {} : { [bad.container]: [process.execPath, file] };
        const program = { ...commands, commands: { ...commands.commands, ...own }, version: request.version };
        const reference = pinned(options.image, request.version, JSON.stringify([program, bad?.text]));
        for (const image of commands.images) cluster.tell({ type: 'image', reference: image, program });
        return tell(reference, program);
      }),
    deliver: async () => undefined,
    // A proxy's connections are its own.
    ...(proxy === null
      ? { answeredBy: (from, at) => imageOf.get(podReached(reached.get(from) ?? [], at) ?? '') ?? null }
      : {}),
    follow: async () => whileRunning(() => cluster.tell({ type: 'follow' })),
    refresh: async () => whileRunning(() => cluster.tell({ type: 'refresh' })),
    url: async () => whileRunning(() => `${proxy?.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    scale: async (replicas) => whileRunning(() => cluster.tell({ type: 'scale', replicas })),
    disturb: {
      kill: async (pod) => whileRunning(() => cluster.tell({ type: 'kill', pod })),
      evict: async (pod) =>
        whileRunning(async () => {
          const answered = new Promise<boolean>((resolve) => evictions.push(resolve));
          cluster.tell({ type: 'evict', id: evictions.length - 1, pod });
          return answered;
        }),
      lag: (ms) => void (lagMs = ms),
      outage: async (part, isAway) =>
        whileRunning(async () => {
          if (part === 'git') await moveAway(options.remote, isAway);
          if (part === 'argo-cd') cluster.tell({ type: 'agent', isAway });
          if (part === 'registry' && !isAway) for (const image of withheld.splice(0)) cluster.tell(image);
        }),
    },
    async explain() {
      const pod = newestInTrouble(memory);
      const log = pod === null ? '' : await readFile(path.join(logs, `${pod.name}.log`), 'utf8').catch(() => '');
      return explanation(memory, pod, log.trim() === '' ? [] : log.trim().split('\n').slice(-explainedLines));
    },
    close: end,
  };
}

/** The clocks of two programs of one machine differ by less, in milliseconds. */
const skewMs = 10;

/** The pod of the newest of a port's connections that was there at a time. */
export function podReached(connections: readonly Reached[], at: number): string | undefined {
  return connections.findLast((one) => one.at <= at + skewMs)?.pod;
}

/** Rejects with the reason of a signal. */
async function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
