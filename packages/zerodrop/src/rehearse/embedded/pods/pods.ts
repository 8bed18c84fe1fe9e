import { request } from 'node:http';
import path from 'node:path';
import {
  BaseImage,
  type HttpRequest,
  type HttpResponse,
  type ImageConstructor,
  type ProcessContext,
  type Signal,
} from '@ngrok/webernetes';
import { listeningPorts, makePorts, type PodProcess, startPodProcess } from './process.ts';

/** The command of the image, as its Dockerfile's entry point would be. */
const entryPoint = 'service';

export interface PodsOptions {
  readonly tether: string;
  readonly logDirectory: string;
  /** Called when the process of a pod has ended. */
  readonly ended: () => void;
}

/** Every pod that runs as a process of this machine. */
export interface Pods {
  /** An image whose containers run this bundle. */
  image(reference: string, bundle: string): ImageConstructor;
  isRunning(name: string): boolean;
  /** The port of 127.0.0.1 that stands for a port of a pod's address; null where nothing listens there. */
  portOf(address: string, port: number): number | null;
  /** Ends all of them at once, and waits until they are gone. */
  endAll(): Promise<void>;
}

/** The port of 127.0.0.1 that stands for each port of a pod. */
type Listening = ReadonlyMap<number, number>;

/** Runs the containers of the cluster as processes. */
export function makePods(options: PodsOptions): Pods {
  const freePort = makePorts();
  let isOver = false;
  const running = new Map<string, PodProcess>();
  const listening = new Map<string, Listening>();

  const run = async (context: ProcessContext, bundle: string, given: readonly string[]): Promise<PodProcess> => {
    const { name, ip } = context.pod;
    const ports = listeningPorts(context.container.apiContainer, context.env);
    const own = new Map<number, number>();
    for (const { podPort } of ports) if (!own.has(podPort)) own.set(podPort, await freePort());
    if (isOver) throw new Error('The cluster is being taken down.');
    const pod = startPodProcess({
      bundle,
      arguments: given,
      environment: {
        HOSTNAME: name,
        ...Object.fromEntries(context.env),
        HOST: '127.0.0.1',
        ...Object.fromEntries(ports.map(({ variable, podPort }) => [variable, String(own.get(podPort))])),
      },
      tether: options.tether,
      log: path.join(options.logDirectory, `${name}.log`),
    });
    running.set(name, pod);
    listening.set(ip, own);
    for (const [podPort, port] of own) context.listenHttp(podPort, async (_, asked) => probe(port, asked));
    return pod;
  };

  return {
    image(reference, bundle) {
      const digestAt = reference.lastIndexOf(':');
      return class extends BaseImage {
        static readonly imageName = reference.slice(0, digestAt);
        static readonly imageVersion = reference.slice(digestAt + 1);
        readonly defaultCommand = [entryPoint];
        #pod: Promise<PodProcess> | null = null;

        override async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
          if (argv[0] !== entryPoint) return super.exec(context, argv);
          this.#pod = run(context, bundle, argv.slice(1));
          const pod = await this.#pod;
          const code = await pod.exited;
          running.delete(context.pod.name);
          listening.delete(context.pod.ip);
          options.ended();
          return code;
        }

        async signalHandler(_context: ProcessContext, signal: Signal): Promise<void> {
          const pod = await this.#pod;
          pod?.signal(signal);
          // A killed pod is gone when its process is, not when it was told.
          if (signal === 'SIGKILL') await pod?.exited;
        }
      };
    },
    isRunning: (name) => running.has(name),
    portOf: (address, port) => listening.get(address)?.get(port) ?? null,
    async endAll() {
      isOver = true;
      for (const pod of running.values()) pod.signal('SIGKILL');
      await Promise.all([...running.values()].map(async ({ exited }) => exited));
    },
  };
}

/** A probe gives up earlier; this only keeps a hanging pod from collecting requests. */
const giveUpMs = 10_000;

/** Sends a probe of the kubelet to the process of the pod, each on a connection of its own, as a kubelet does. */
async function probe(port: number, { method, url, header }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: `${url.pathname}${url.search}`,
        headers: header,
        agent: false,
        signal: AbortSignal.timeout(giveUpMs),
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
