// npm run benchmark:forecast -w zerodrop -- --count N [--seed N] [--together N]
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { forecastOfEach, type Inputs, type RolloutForecast } from '../../src/forecast/report.ts';
import { drawOf } from '../../src/forecast/workload.ts';
import { openEmbeddedCluster } from '../../src/rehearse/embedded/cluster.ts';
import { startLoad } from '../../src/rehearse/load/load.ts';
import { get } from '../../src/rehearse/load/request.ts';
import type { Sample } from '../../src/rehearse/load/schedule.ts';
import type { Observed } from '../../src/rollout/watch.ts';
import { deployment as deploymentOf, makeTinyRepository, service } from '../rehearse/embedded/tiny-repository.ts';

/** A Deployment that is played, with what its manifest does not say. */
interface Sampled {
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
  readonly minReady: number;
  readonly startupMs: number;
  /** How long the program drains by itself. */
  readonly drainMs: number;
  readonly hasReadiness: boolean;
  readonly strategy: 'RollingUpdate' | 'Recreate';
}

interface Measured {
  readonly completeMs: number;
  readonly goneMs: number;
  readonly most: number;
  readonly fewest: number;
  readonly lost: number;
  readonly isStalled: boolean;
}

const rate = 50;
const lagMs = 1_000;
/** A program of Node.js takes so long to run its first line when several start at once on 2 cores. */
const bootMs = [50, 1_000] as const;

/** A random Deployment from a seed. */
function sampled(seed: number): Sampled {
  const { random } = drawOf(0, seed);
  const among = <T>(...all: readonly [T, ...T[]]): T => all[Math.floor(random() * all.length)] ?? all[0];
  const [surge, unavailable] = among([1, 0], [2, 0], [1, 1], [0, 1], [3, 2]) as readonly [number, number];
  return {
    replicas: among(1, 2, 3, 4, 5, 6),
    surge,
    unavailable,
    minReady: among(0, 1, 2, 4),
    startupMs: among(200, 700, 1_300, 2_600),
    drainMs: among(0, 300, 2_000, 3_500),
    hasReadiness: random() < 0.8,
    strategy: random() < 0.1 ? 'Recreate' : 'RollingUpdate',
  };
}

/** The manifests of a Deployment and its Service. */
function manifests(one: Sampled, image: string): readonly object[] {
  const { replicas, surge, unavailable, minReady, hasReadiness, drainMs, strategy } = one;
  const rollingUpdate = { maxSurge: surge, maxUnavailable: unavailable };
  const containers = [
    {
      name: 'tiny',
      image,
      ports: [{ name: 'http', containerPort: 8_080 }],
      env: [{ name: 'DRAIN_MS', value: String(drainMs) }],
      ...(hasReadiness ? { readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 } } : {}),
    },
  ];
  const spec = {
    replicas,
    minReadySeconds: minReady,
    strategy: { type: strategy, ...(strategy === 'Recreate' ? {} : { rollingUpdate }) },
    template: {
      metadata: { labels: { 'app.kubernetes.io/name': 'tiny' } },
      spec: { terminationGracePeriodSeconds: 20, containers },
    },
  };
  return [service, deploymentOf(image, spec)];
}

/** A service that drains for so long, tells kept connections to close meanwhile, and then ends. */
const program = (startupMs: number): string => `
const { createServer } = require('node:http');
let draining = false;
const server = createServer((request, response) => {
  response.setHeader('x-version', 'v');
  if (draining) response.setHeader('connection', 'close');
  response.end('{"version":"v"}');
});
setTimeout(() => server.listen(process.env.PORT, process.env.HOST), ${startupMs});
process.on('SIGTERM', () => {
  draining = true;
  setTimeout(() => { server.close(() => process.exit(0)); server.closeIdleConnections(); setTimeout(() => process.exit(0), 500); }, Number(process.env.DRAIN_MS));
});`;

/** Rolls a Deployment out on an embedded cluster under load, and tells what was seen. */
async function measured(one: Sampled): Promise<Measured> {
  const repository = makeTinyRepository();
  const push = (objects: readonly object[]): void => {
    repository.write('manifests/staging/tiny.yaml', ...objects);
    repository.push();
  };
  const seen: Observed[] = [];
  const until = async (fits: () => boolean): Promise<void> => {
    const giveUpAt = Date.now() + 180_000;
    while (!fits()) {
      if (Date.now() > giveUpAt) throw new Error(`The rollout never got there: ${JSON.stringify(one)}`);
      await pause(20);
    }
  };
  const cluster = await openEmbeddedCluster({
    directory: repository.directory,
    remote: repository.remote,
    applications: 'argocd',
    application: 'tiny-staging',
    image: 'registry.test/team/tiny',
    workDirectory: repository.folder,
    endpointLagMs: lagMs,
    build: async ({ version }, out) => writeFile(out, `// ${version}\n${program(one.startupMs)}`),
    validate: () => [],
    observe: (observed) => seen.push(observed),
  });
  try {
    const request = { revision: 'a'.repeat(40), startupMs: one.startupMs };
    const first = await cluster.publish({ version: 'v1', ...request });
    const second = await cluster.publish({ version: 'v2', ...request });
    const isDone = (image: string): boolean => {
      const found = seen.findLast((entry) => entry.kind === 'deployment');
      const pods = seen.findLast((entry) => entry.kind === 'pods')?.pods;
      if (found?.image !== image || !found.settled || found.available !== one.replicas) return false;
      return pods?.every((pod) => pod.image === image && pod.state === 'ready') === true;
    };
    push(manifests(one, first));
    await cluster.follow();
    await until(() => isDone(first));
    await pause(Math.max(one.startupMs, lagMs) + 1_500);
    const samples: Sample[] = [];
    const load = await startLoad({
      url: await cluster.url(),
      rate,
      request: get('/'),
      onSamples: (batch) => samples.push(...batch),
    });
    await pause(1_500 + 1_000 * Math.random());
    const from = seen.length;
    push(manifests(one, second));
    await cluster.refresh();
    await until(() => isDone(second));
    await pause(one.startupMs + lagMs + 1_500);
    await load.stop();
    return figures(seen.slice(from), samples, second);
  } finally {
    await cluster.close();
    repository.dispose();
  }
}

function figures(seen: readonly Observed[], samples: readonly Sample[], image: string): Measured {
  const pods = seen.filter((entry) => entry.kind === 'pods');
  const begin = seen.find((entry) => entry.kind === 'deployment' && entry.image === image)?.at ?? Number.NaN;
  const complete = seen.find((entry) => entry.kind === 'deployment' && entry.image === image && entry.settled)?.at;
  const gone = pods.find(({ pods: all }) => all.every((pod) => pod.image === image && pod.state !== 'terminating'))?.at;
  const ready = pods.map(({ pods: all }) => all.filter(({ state }) => state === 'ready').length);
  return {
    completeMs: (complete ?? Number.NaN) - begin,
    goneMs: (gone ?? Number.NaN) - begin,
    // What is seen for a moment is a process that ends a little later than its pod's object.
    most: Math.max(
      ...pods.filter((entry, n) => (pods[n + 1]?.at ?? Infinity) - entry.at > 150).map(({ pods: all }) => all.length),
    ),
    fewest: Math.min(...ready),
    lost: samples.filter(({ failure }) => failure !== null).length,
    isStalled: seen.some((entry) => entry.kind === 'stalled'),
  };
}

function forecastOf(one: Sampled): RolloutForecast {
  const inputs: Partial<Inputs> = {
    containerStartMs: [20, 300],
    imagePullMs: [0, 0],
    startupMs: [one.startupMs + bootMs[0], one.startupMs + bootMs[1]],
    endpointLagMs: [lagMs, lagMs],
    rate,
    longestRequestMs: 20,
    nodes: 2,
  };
  const text = manifests(one, 'registry.test/team/tiny:v2')
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
  const found = forecastOfEach(new Map([['manifests/bench.yaml', text]]), inputs)[0]?.rollouts[0];
  if (found === undefined) throw new Error('There is no forecast.');
  return found;
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    together: { type: 'string', default: '3' },
  },
});
const numbers = Array.from({ length: Number(values.count) }, (_, index) => Number(values.seed) + index);
/** How often each mark of {@link score} was met. */
const hits = new Map<string, number>();
await Promise.all(
  Array.from({ length: Number(values.together) }, async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const one = sampled(number);
      const found = forecastOf(one);
      const was = await measured(one);
      score(number, one, found, was);
    }
  }),
);
process.stdout.write(`${JSON.stringify(Object.fromEntries(hits))}\n`);

/** What is observed is told up to 50 ms late. */
function isIn(ms: number, range: readonly [number, number] | null): boolean {
  return range !== null && ms >= range[0] - 50 && ms <= range[1] + 50;
}

/** Each play is counted, and those during which the machine did not stall once more: a rehearsal is inconclusive where it did. */
function score(number: number, one: Sampled, found: RolloutForecast, was: Measured): void {
  const { expected } = found.losses;
  const isNone = expected < 0.01;
  const mostIn = was.most >= found.mostPods[0] && was.most <= found.mostPods[1];
  const marks = {
    complete: isIn(was.completeMs, found.completeMs),
    gone: isIn(was.goneMs, found.lastOldPodGoneMs),
    most: mostIn && found.mostPods[0] === found.mostPods[1],
    mostInside: mostIn,
    fewest: was.fewest === found.fewestReady[0] && was.fewest === found.fewestReady[1],
    none: isNone,
    noneRight: isNone && was.lost === 0,
    some: !isNone,
    someRight: !isNone && was.lost <= 2 * expected + 1 && was.lost >= expected / 2 - 1,
    played: true,
  };
  for (const [name, isHit] of Object.entries(marks))
    for (const counted of was.isStalled ? [name] : [name, `${name}, not stalled`])
      hits.set(counted, (hits.get(counted) ?? 0) + Number(isHit));
  const wrong = ['complete', 'gone', 'mostInside', 'fewest'].filter((name) => !Object(marks)[name]);
  process.stdout.write(
    `${JSON.stringify({ number, wrong, lossesRight: marks.noneRight || marks.someRight, one, was, found: { ...found, picture: undefined } })}\n`,
  );
}
