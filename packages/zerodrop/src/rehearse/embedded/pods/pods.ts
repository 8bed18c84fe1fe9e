import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { BaseImage, type ImageConstructor, type ProcessContext, type Signal } from '@ngrok/webernetes';
import { logLine } from '../../../rollout/kubernetes/explain.ts';
import { environmentOf, expanded, type ReadKeys } from '../../manifests/needs.ts';
import { hooksOf } from '../control-plane/objects.ts';
import type { Commands, PodProgram } from '../programs.ts';
import { type Asked, beforeStart, execute, hook, type RunningPod, startPod } from './pod.ts';
import { type PodProcess, startBundle } from './process.ts';
import { listeningPorts, makePorts, probe, untilListening } from './system.ts';

export interface PodsOptions {
  readonly runner: string;
  readonly logDirectory: string;
  /** Where each pod has a folder. */
  readonly podDirectory: string;
  readonly readPod: (place: { readonly name: string; readonly namespace: string }) => Promise<V1Pod>;
  readonly keysIn: (namespace: string) => ReadKeys;
  /** The numbers of ports of pods that the Services of a namespace lead to. */
  readonly servicePortsIn: (namespace: string) => readonly number[];
  /** Called when a pod has ended, or listens on another port. */
  readonly changed: () => void;
  /** Called when a pod listens, so long after its program was started. */
  readonly listening: (pod: string, port: number, afterMs: number) => void;
  /** Called with a sentence once it is clear that no pod will answer, before one ever has. */
  readonly unstartable: (why: string) => void;
}

/** Every pod that runs as processes of this machine. */
export interface Pods {
  /** An image whose containers run a program. */
  image(reference: string, program: PodProgram): ImageConstructor;
  isRunning(name: string): boolean;
  /** Ends the processes of its containers by SIGKILL. The kubelet starts them again. */
  kill(name: string): void;
  /** The port of 127.0.0.1 that stands for a port of a pod's address; null where nothing listens there. */
  portOf(address: string, port: number): number | null;
  /** Ends all of them at once, and waits until they are gone. */
  endAll(): Promise<void>;
}

/** A pod of which at least one container runs or is being started. */
interface Known {
  readonly name: string;
  readonly ip: string;
  ports: ReadonlyMap<number, number>;
  /** Null for a pod of bundles. */
  pod: Promise<RunningPod> | null;
  readonly contexts: Set<ProcessContext>;
  readonly processes: Set<PodProcess>;
}

function askedOf({ pod, container: { apiContainer }, env }: ProcessContext): Asked {
  return { pod, container: apiContainer, variables: env };
}

/** Runs the containers of the cluster as processes. */
export function makePods(options: PodsOptions): Pods {
  const freePort = makePorts();
  let isOver = false;
  /** Whether a pod ever listened: what fails after that is the play's. */
  let hasListened = false;
  /** How often a container ended before, by its pod and its name. */
  const endings = new Map<string, number>();
  /** By address. */
  const known = new Map<string, Known>();

  const startedAt = new WeakMap<ProcessContext, number>();
  /** A container has ended by itself. A second time, or where its program is not there, it will not come up. */
  const failed = async (context: ProcessContext, code: number): Promise<void> => {
    if (hasListened || isOver || context.err() !== undefined) return;
    const { pod, container } = context;
    const name = `${pod.name}/${container.apiContainer.name}`;
    endings.set(name, (endings.get(name) ?? 0) + 1);
    if ((endings.get(name) ?? 0) < 2 && code !== absent) return;
    const afterMs = Date.now() - (startedAt.get(context) ?? Date.now());
    const lines = (await readFile(logOf(context), 'utf8').catch(() => '')).trim().split('\n');
    options.unstartable(
      [
        `The program of container ${container.apiContainer.name} ended with exit code ${code}, ${(afterMs / 1_000).toFixed(1)} s after its start and before it listened. Its last lines:`,
        ...lines.slice(-lastLines).map((line) => `  ${logLine(line)}`),
      ].join('\n'),
    );
  };

  const folderOf = ({ pod }: ProcessContext): string => path.join(options.podDirectory, pod.name);
  const logOf = ({ pod }: ProcessContext): string => path.join(options.logDirectory, `${pod.name}.log`);
  const listen = (context: ProcessContext, podPort: number, port: number): void => {
    if (context.err() !== undefined) return;
    hasListened = true;
    options.listening(context.pod.name, podPort, Date.now() - (startedAt.get(context) ?? Date.now()));
    context.listenHttp(podPort, async (_, asked) => probe(port, asked));
    options.changed();
  };

  const runBundle = async (
    context: ProcessContext,
    own: Known,
    bundle: string,
    given: readonly string[],
  ): Promise<PodProcess> => {
    const { container, variables } = askedOf(context);
    const environment = environmentOf(container, variables, options.keysIn(context.pod.namespace), {});
    const ports = listeningPorts(container, environment);
    const opened = new Map<number, number>();
    for (const { podPort } of ports) if (!opened.has(podPort)) opened.set(podPort, await freePort());
    own.ports = opened;
    const directory = path.join(folderOf(context), container.name);
    await mkdir(directory, { recursive: true });
    const ended = new AbortController();
    const started = startBundle({
      bundle,
      arguments: given.map((word) => expanded(word, environment)),
      directory,
      environment: {
        HOSTNAME: context.pod.name,
        ...Object.fromEntries(environment),
        HOST: '127.0.0.1',
        ...Object.fromEntries(ports.map(({ variable, podPort }) => [variable, String(opened.get(podPort))])),
      },
      runner: options.runner,
      log: logOf(context),
    });
    void started.exited.then(() => ended.abort());
    for (const [podPort, port] of opened) {
      void untilListening(port, ended.signal).then((listens) => listens && listen(context, podPort, port));
    }
    return started;
  };

  const runCommand = async (context: ProcessContext, own: Known, program: Commands): Promise<PodProcess> => {
    own.pod ??= (async () => {
      const { name, namespace } = context.pod;
      const started = await startPod(await options.readPod({ name, namespace }), askedOf(context), {
        program,
        runner: options.runner,
        folder: folderOf(context),
        log: logOf(context),
        keys: options.keysIn(namespace),
        servicePorts: options.servicePortsIn(namespace),
        freePort,
        elsewhere(why) {
          if (!hasListened) options.unstartable(why);
        },
        listening(podPort, port) {
          // Whoever declares it answers for it; else any container of the pod does.
          const contexts = [...own.contexts];
          const declares = ({ container: { apiContainer } }: ProcessContext): boolean =>
            apiContainer.ports?.some(({ containerPort }) => containerPort === podPort) ?? false;
          const answers = contexts.find(declares) ?? contexts[0];
          if (answers !== undefined) listen(answers, podPort, port);
        },
      });
      own.ports = started.ports;
      return started;
    })();
    return (await own.pod).start(askedOf(context));
  };

  const run = async (context: ProcessContext, program: PodProgram, given: readonly string[]): Promise<PodProcess> => {
    if (isOver) throw new Error('The cluster is being taken down.');
    const { name, ip } = context.pod;
    const own: Known = known.get(ip) ?? {
      name,
      ip,
      ports: new Map(),
      pod: null,
      contexts: new Set(),
      processes: new Set(),
    };
    known.set(ip, own);
    own.contexts.add(context);
    startedAt.set(context, Date.now());
    const started = await ('bundle' in program
      ? runBundle(context, own, program.bundle, given)
      : runCommand(context, own, program));
    own.processes.add(started);
    if (isOver) started.signal('SIGKILL');
    return started;
  };

  /** A container has ended. With the last one its pod ends. By then its address may be another pod's. */
  const ended = async (context: ProcessContext, process: PodProcess): Promise<void> => {
    const own = [...known.values()].find(({ processes }) => processes.has(process));
    own?.contexts.delete(context);
    own?.processes.delete(process);
    if (own === undefined || own.contexts.size > 0) return;
    await (await own.pod)?.finish();
    if (own.contexts.size === 0 && known.get(own.ip) === own) known.delete(own.ip);
    options.changed();
  };

  return {
    image(reference, program) {
      const at = reference.lastIndexOf(':');
      const isTagged = at > reference.lastIndexOf('/');
      return class extends BaseImage {
        static readonly imageName = isTagged ? reference.slice(0, at) : reference;
        static readonly imageVersion = isTagged ? reference.slice(at + 1) : 'latest';
        readonly defaultCommand = ['service'];
        #main: Promise<PodProcess> | null = null;
        #isStarted = false;

        /** Called first for the container's own program, and then for each hook and each probe. */
        override async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
          if (this.#main !== null)
            return this.#isStarted ? execute(context, await this.#main, argv) : beforeStart(context, argv);
          this.#main = run(context, program, argv.slice(1));
          for (const { port, command } of hooksOf(context.container.apiContainer))
            context.listenHttp(port, async () => hook(context, this.#main, command));
          const main = await this.#main;
          this.#isStarted = true;
          const code = await main.exited;
          void failed(context, code);
          void ended(context, main);
          return code;
        }

        async signalHandler(_context: ProcessContext, signal: Signal): Promise<void> {
          const main = await this.#main;
          main?.signal(signal);
          // A killed pod is gone when its process is, not when it was told.
          if (signal === 'SIGKILL') await main?.exited;
        }
      };
    },
    isRunning: (name) => [...known.values()].some((one) => one.name === name),
    kill(name) {
      for (const own of known.values()) {
        if (own.name === name) for (const process of own.processes) process.signal('SIGKILL');
      }
    },
    portOf: (address, port) => known.get(address)?.ports.get(port) ?? null,
    async endAll() {
      isOver = true;
      const all = [...known.values()];
      for (const { processes } of all) for (const process of processes) process.signal('SIGKILL');
      await Promise.all(all.map(async ({ pod }) => (await pod)?.endAtOnce()));
      await Promise.all(all.flatMap(({ processes }) => [...processes].map(async ({ exited }) => exited)));
    },
  };
}

/** The exit code of a program that is not there. */
const absent = 127;
const lastLines = 5;
