import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import { openEmbeddedCluster } from 'zerodrop/tests/rehearse/parts.ts';
import { makeSeen } from 'zerodrop/tests/rehearse/parts.ts';
import { makeTinyRepository } from 'zerodrop/tests/rehearse/parts.ts';
import { LosslessService } from '../../../apps/lossless/lossless-service.ts';
import { bundlePod } from './bundle.ts';
import { type Client, pipelining, stream, upload, webSocket } from './clients.ts';

// node --conditions=zerodrop-source --import tsx tests/real/long-lived/main.ts [--each 10000] [--workers 40]
// Rolls the service out again and again on the embedded cluster, while clients pipeline, upload, follow streams and talk over
// WebSockets, until each kind has done its number. Everything runs on 127.0.0.1. Exit code 1 where anything was lost, or not done in time.

const { values } = parseArgs({ options: { each: { type: 'string' }, workers: { type: 'string' } } });
const each = Number(values.each ?? 10_000);
const workers = Number(values.workers ?? 40);
const longestMs = 170_000;

interface Tally {
  readonly client: Client;
  readonly workers: number;
  done: number;
  readonly lost: string[];
}
const tallies: Readonly<Record<string, Tally>> = {
  pipelined: { client: pipelining, workers: 4, done: 0, lost: [] },
  uploads: { client: upload, workers, done: 0, lost: [] },
  // A stream takes 3 s and more, where an upload takes 300 ms.
  streams: { client: stream, workers: workers * 10, done: 0, lost: [] },
  'web sockets': { client: webSocket, workers, done: 0, lost: [] },
};

const repository = makeTinyRepository();
const seen = makeSeen(120_000);
const startedAt = Date.now();
const target = await openEmbeddedCluster({
  directory: repository.directory,
  remote: repository.remote,
  applications: 'argocd',
  application: 'tiny-staging',
  image: 'registry.test/team/tiny',
  workDirectory: repository.folder,
  endpointLagMs: 2_000,
  build: async ({ version }, out) => bundlePod(version, out),
  validate: () => [],
  observe: seen.observe,
});

async function rollOut(version: string): Promise<void> {
  const image = await target.publish({ version, revision: 'a'.repeat(40), startupMs: 0 });
  const chart = new Chart(new App(), 'chart');
  const rolled = new LosslessService(chart, 'tiny', {
    name: 'tiny',
    namespace: 'tiny-staging',
    image,
    workload: { replicas: 3, exposure: 'load-balancer', collectors: [] },
  });
  const played = new Set(['ServiceAccount', 'Service', 'Deployment']);
  const objects = chart.toJson().filter(({ kind }: { kind: string }) => played.has(kind));
  repository.write('manifests/staging/tiny.yaml', ...objects);
  repository.push();
  await (version === 'v0' ? target.follow() : target.refresh());
  await seen.until('deployment', (state) => state.image === image && state.settled);
  await seen.until('pods', ({ pods }) => pods.length === rolled.rollout.replicas);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const done = Object.entries(tallies).map(([kind, tally]) => `${kind} ${tally.done}`);
  process.stdout.write(`${seconds} s: ${version} is rolled out; ${done.join(', ')}\n`);
}

async function work(port: number, tally: Tally): Promise<void> {
  const state: Parameters<Client>[1] = {};
  while (tally.done + tally.lost.length < each && Date.now() - startedAt < longestMs) {
    try {
      const units = await tally.client(port, state);
      tally.done += units;
    } catch (error) {
      tally.lost.push(error instanceof Error ? error.message : String(error));
      delete state.socket;
    }
  }
}

let rollouts = 0;
try {
  await rollOut('v0');
  const port = Number(new URL(await target.url()).port);
  const clients = { areBusy: true };
  const busy = Promise.all(
    Object.values(tallies).flatMap((tally) => Array.from({ length: tally.workers }, () => work(port, tally))),
  ).finally(() => (clients.areBusy = false));
  while (clients.areBusy) await rollOut(`v${(rollouts += 1)}`);
  await busy;
  const logs = path.join(repository.folder, 'embedded', 'logs');
  const ends = readdirSync(logs).flatMap((name) =>
    readFileSync(path.join(logs, name), 'utf8').trim().split('\n').slice(-1),
  );
  const stopped = ends.filter((line) => line.includes('"message":"stopped"')).length;
  for (const [kind, { done, lost }] of Object.entries(tallies)) {
    process.stdout.write(`${kind}: ${done} done, ${lost.length} lost ${[...new Set(lost)].slice(0, 5).join('; ')}\n`);
  }
  process.stdout.write(`${rollouts} rollouts in ${Math.round((Date.now() - startedAt) / 1_000)} s\n`);
  process.stdout.write(`${stopped} pods stopped, ${ends.length - stopped} not (3 run on)\n`);
  for (const line of ends.filter((end) => /"severity":"(ERROR|WARNING|CRITICAL)"/.test(end)))
    process.stdout.write(`${line}\n`);
  const isWhole = Object.values(tallies).every(({ done, lost }) => lost.length === 0 && done >= each);
  process.exitCode = isWhole && ends.length - stopped === 3 ? 0 : 1;
} finally {
  await target.close();
  repository.dispose();
}
