import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { HttpResponse, ProcessContext } from '@ngrok/webernetes';
import { bytes, environmentOf, expanded, filesOf, isSidecar, type ReadKeys } from '../../manifests/needs.ts';
import { initContainersOf } from '../control-plane/objects.ts';
import type { Commands } from '../programs.ts';
import { openPod, type PodProcess } from './process.ts';
import type { ContainerStart } from './runner.ts';
import { listeningPorts, type Mount } from './system.ts';

/** A container as the kubelet starts it. */
export interface Asked {
  readonly pod: { readonly name: string; readonly namespace: string; readonly ip: string };
  readonly container: V1Container;
  /** Its variables, as far as the kubelet resolves them. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface PodOptions {
  readonly program: Commands;
  readonly runner: string;
  /** Of the pod's own: working directories and volumes. */
  readonly folder: string;
  readonly log: string;
  readonly keys: ReadKeys;
  /** Ports that Services lead to. */
  readonly servicePorts: readonly number[];
  readonly freePort: () => Promise<number>;
  readonly listening: (podPort: number, port: number) => void;
  /** Hears why nobody reaches what listens in it. */
  readonly elsewhere: (why: string) => void;
}

/** A pod that runs. */
export interface RunningPod {
  /** The port of 127.0.0.1 that stands for each port of the pod. */
  readonly ports: ReadonlyMap<number, number>;
  /** Starts a container, once the init containers have ended. */
  start(asked: Asked): Promise<PodProcess>;
  /** Ends the sidecars, and then the rest. */
  finish(): Promise<void>;
  endAtOnce(): void;
}

/** How long a container that fails waits until it is started again, at first and at most: a kubelet's own numbers. */
const backOff = { firstMs: 10_000, mostMs: 300_000 };

/** A sidecar gets so long at least, whatever is left of the grace period. */
const leastGraceMs = 2_000;

/** Opens a pod and runs its init containers. */
export async function startPod(pod: V1Pod, first: Asked, options: PodOptions): Promise<RunningPod> {
  const { program, folder, keys } = options;
  const initContainers = (initContainersOf(pod) ?? []) as readonly V1Container[];
  const spec: V1PodSpec = { containers: [], ...pod.spec, initContainers: [...initContainers] };
  const isShared = program.isolation.flags === null || Object.values(program.commands).some(hasPort);
  const ports = new Map<number, number>();
  const runner = openPod({
    runner: options.runner,
    isolation: program.isolation,
    address: isShared ? null : first.pod.ip,
    log: options.log,
    listening: (podPort) => options.listening(podPort, ports.get(podPort) ?? 0),
    elsewhere: options.elsewhere,
  });
  const open = async (podPort: number): Promise<number> => {
    const known = ports.get(podPort);
    if (known !== undefined) return known;
    const port = await options.freePort();
    ports.set(podPort, port);
    await runner.open(podPort, port);
    return port;
  };
  if (!isShared) for (const port of portsOf(spec, options.servicePorts)) await open(port);

  const prepared = async (asked: Asked): Promise<ContainerStart> => {
    const { name } = asked.container;
    const directory = path.join(folder, name, 'work');
    await mkdir(directory, { recursive: true });
    const variables = environmentOf(asked.container, asked.variables, keys, program.given);
    const listened = listeningPorts(asked.container, variables);
    const told: Record<string, string> = {};
    if (isShared) {
      for (const { variable, podPort } of listened) told[variable] = String(await open(podPort));
      told['HOST'] = '127.0.0.1';
    }
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? directory,
      HOSTNAME: asked.pod.name,
      VERSION: program.version,
      PORT: String(listened[0]?.podPort ?? ''),
      ...Object.fromEntries(variables),
      ...told,
    };
    const values: Readonly<Record<string, string>> = { port: environment.PORT, version: program.version };
    return {
      name,
      argv: argvOf(asked.container, program, new Map(Object.entries(environment))).map((word) => filled(word, values)),
      environment,
      directory,
      // Without namespaces a program finds a folder of this machine there, or none: what it must read is refused before the play.
      mounts:
        program.isolation.flags === null
          ? []
          : [
              ...(await mountsOf(asked.container, spec, folder, keys)),
              ...(program.folder === undefined ? [] : [{ source: program.folder, target: program.folder }]),
            ],
      memoryBytes: bytes(asked.container.resources?.limits?.['memory']),
    };
  };

  const over = new AbortController();
  const sidecars = new Map<string, PodProcess>();
  const keepRunning = async (asked: Asked): Promise<void> => {
    for (let waitMs = backOff.firstMs; !over.signal.aborted; waitMs = Math.min(2 * waitMs, backOff.mostMs)) {
      const sidecar = runner.start(await prepared(asked));
      sidecars.set(asked.container.name, sidecar);
      await sidecar.exited;
      sidecars.delete(asked.container.name);
      await backOffFor(waitMs, over.signal);
    }
  };
  const initialize = async (): Promise<void> => {
    for (const container of initContainers) {
      const asked = { ...first, container, variables: first.variables };
      if (isSidecar(container)) {
        void keepRunning(asked);
        continue;
      }
      for (let waitMs = backOff.firstMs; !over.signal.aborted; waitMs = Math.min(2 * waitMs, backOff.mostMs)) {
        if ((await runner.start(await prepared(asked)).exited) === 0) break;
        await backOffFor(waitMs, over.signal);
      }
    }
  };
  const initialized = initialize();
  return {
    ports,
    async start(asked) {
      await initialized;
      return runner.start(await prepared(asked));
    },
    async finish() {
      over.abort();
      // In the reverse of the order in which they were started.
      for (const sidecar of [...sidecars.values()].toReversed()) {
        sidecar.signal('SIGTERM');
        const graceMs = Math.max(leastGraceMs, 1_000 * (spec.terminationGracePeriodSeconds ?? 30));
        await Promise.race([sidecar.exited, pause(graceMs, undefined, { ref: false })]);
      }
      runner.end();
    },
    endAtOnce() {
      over.abort();
      runner.end();
    },
  };
}

async function backOffFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

function hasPort(argv: readonly string[]): boolean {
  return argv.some((word) => word.includes('{port}'));
}

function filled(word: string, values: Readonly<Record<string, string>>): string {
  return word.replaceAll(/\{(port|version)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The program stands for the image's entry point, which the manifest's arguments follow; a command of the manifest takes both their places. */
function argvOf(
  { name, command, args }: V1Container,
  { commands }: Commands,
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  const program = commands[name] ?? [];
  return command === undefined ? [...program, ...(args ?? []).map((word) => expanded(word, variables))] : program;
}

/** The ports that a pod may be asked at. */
function portsOf(spec: V1PodSpec, servicePorts: readonly number[]): ReadonlySet<number> {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const declared = containers.flatMap(({ ports }) => (ports ?? []).map(({ containerPort }) => containerPort));
  const named = containers.flatMap(({ env }) =>
    (env ?? []).flatMap(({ name, value }) => (name === 'PORT' ? Number(value) : [])),
  );
  const asked = containers.flatMap(({ startupProbe, readinessProbe, livenessProbe, lifecycle }) =>
    [startupProbe, readinessProbe, livenessProbe, lifecycle?.preStop, lifecycle?.postStart].map(
      (one) => one?.httpGet?.port ?? one?.tcpSocket?.port,
    ),
  );
  return new Set([...declared, ...named, ...asked, ...servicePorts].map(Number).filter((port) => port > 0));
}

async function mountsOf(
  { volumeMounts }: V1Container,
  spec: V1PodSpec,
  folder: string,
  keys: ReadKeys,
): Promise<readonly Mount[]> {
  const mounts: Mount[] = [];
  for (const { name, mountPath, subPath = '' } of volumeMounts ?? []) {
    const volume = spec.volumes?.find((one) => one.name === name);
    if (volume === undefined) continue;
    const source = path.join(folder, 'volumes', name);
    await mkdir(source, { recursive: true });
    for (const { path: file, content, mode } of filesOf(volume, keys) ?? []) {
      const to = path.join(source, file);
      await mkdir(path.dirname(to), { recursive: true });
      await writeFile(to, content, { mode });
    }
    mounts.push({ source: path.join(source, subPath), target: mountPath });
  }
  return mounts;
}

/** Runs the command of a hook, which the kubelet asks for by HTTP. */
export async function hook(
  context: ProcessContext,
  main: Promise<PodProcess> | null,
  command: readonly string[],
): Promise<HttpResponse> {
  const running = await main;
  const isWell = running !== null && (await execute(context, running, command)) === 0;
  return { status: isWell ? 200 : 500, body: '' };
}

/** A kubelet asks nothing of a container before its init containers have ended. Here the container has its object by then. */
export function beforeStart({ container: { apiContainer } }: ProcessContext, argv: readonly string[]): number {
  const waits = [apiContainer.startupProbe, apiContainer.readinessProbe].some((one) =>
    isDeepStrictEqual(one?.exec?.command, argv),
  );
  return waits ? 1 : 0;
}

/** Runs the command of a probe or a hook in a container. Returns its exit code. */
export async function execute(context: ProcessContext, main: PodProcess, argv: readonly string[]): Promise<number> {
  const cancelled = new AbortController();
  void context.waitUntilKilled().then(() => cancelled.abort());
  const { code, output } = await main.execute(argv, cancelled.signal);
  context.writeStdout(output);
  return code;
}
