import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ProcessOptions, run } from 'zerodrop/rehearse';
import type { Receipt } from 'zerodrop/verify';
import { readReceipt, receiptProblem } from '../../release/receipts.ts';
import { perform, say, signal, takeDowns } from './play.ts';

// Rollouts of a small service on a real Kubernetes, each verified by `zerodrop verify --rate`: its receipt has to agree with a generator
// of this play's own that runs meanwhile, and a rollout without a drain has to be refused its promotion. .ci/lab-receipts starts it.

const count = Number(process.env['COUNT'] ?? 2);
const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const name = 'lab-receipts';
const nodePort = 30_471;
const url = `http://127.0.0.1:${nodePort}/`;

/**
 * Answers its version after 300 ms, so that a few requests are always under way; when it is told to end, it goes on for DRAIN_MS, and closes
 * each connection with its answer.
 */
const program = `
const http = require('node:http');
let ending = false;
const server = http.createServer((request, response) => {
  if (ending) response.setHeader('connection', 'close');
  setTimeout(() => response.end(JSON.stringify({ version: process.env.VERSION })), 300);
});
server.keepAliveTimeout = 600000;
server.listen(8080);
process.on('SIGTERM', () => { ending = true; setTimeout(() => process.exit(), Number(process.env.DRAIN_MS)); });
`;

/** Two images that run Node.js: a rollout goes from one to the other. */
const images = [
  { repository: 'library/node', node: 'node' },
  { repository: 'distroless/nodejs24-debian13', node: '/nodejs/bin/node' },
] as const;

await perform(play);

async function play(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-receipts-'));
  takeDowns.push(() => rm(folder, { recursive: true }));
  const where: ProcessOptions = { directory: folder, environment: process.env, signal };
  const all: ProcessOptions = { ...where, signal: new AbortController().signal };
  const gone = ['delete', 'namespace', name, '--ignore-not-found', '--wait=true', '--timeout=90s'];
  await run(all, 'kubectl', ...gone);
  takeDowns.push(() => run(all, 'kubectl', ...gone));
  const pinned = await Promise.all(images.map(({ repository }) => pin(repository)));
  await run(where, 'git', 'init', '--quiet');
  let version = 0;
  /** Commits the next version, and returns what applies it and its image's digest. */
  const next = async (drainMs: number) => {
    version += 1;
    const { node } = images[version % 2] ?? images[0];
    const image = pinned[version % 2] ?? '';
    await writeFile(path.join(folder, 'all.yaml'), manifests(image, node, version, drainMs));
    await run(where, 'git', 'add', 'all.yaml');
    const author = ['-c', 'user.name=lab', '-c', 'user.email=lab@example.com'];
    await run(where, 'git', ...author, 'commit', '--quiet', '--message', `Release ${version}`);
    const apply = () => run(where, 'kubectl', 'apply', '--filename', 'all.yaml');
    return { digest: image.slice(image.indexOf('@') + 1), apply };
  };
  const settle = async (drainMs: number): Promise<void> => {
    await (await next(drainMs)).apply();
    await run(where, 'kubectl', 'rollout', 'status', `deployment/${name}`, '--namespace', name, '--timeout=120s');
    await pause(drainMs + 2_000);
  };
  const roll = async (drainMs: number) => {
    const { digest, apply } = await next(drainMs);
    const outside = generate();
    const receipt = await measured(folder, apply);
    const seen = await outside.stop();
    const wanted = { environment: 'lab', rollout: name, digest };
    return { receipt, ...seen, problem: receiptProblem([{ receipt, doubt: null }], wanted) };
  };

  await settle(5_000);
  for (let n = 1; n <= count; n += 1) {
    const { receipt, sent, lost, problem } = await roll(5_000);
    say(`${n}: the receipt has ${receipt.lost} of ${receipt.sent} lost, the generator outside ${lost} of ${sent}`);
    assert.deepEqual([receipt.verdict, receipt.lost, lost, problem], ['lossless', 0, 0, null]);
  }
  await settle(0);
  for (let n = 1; n <= count; n += 1) {
    const { receipt, sent, lost, problem } = await roll(0);
    say(
      `${n}, no drain: ${receipt.lost} of ${receipt.sent} lost, outside ${lost} of ${sent}. ${problem ?? 'Promoted.'}`,
    );
    assert.ok(lost > 0, 'The generator outside lost nothing.');
    assert.equal(receipt.verdict, 'lossy');
    assert.match(problem ?? '', /lost requests/);
  }
}

/** Verifies a rollout that begins once the load runs, and returns its receipt. */
async function measured(folder: string, rollOut: () => Promise<unknown>): Promise<Receipt> {
  const file = path.join(folder, 'receipt.json');
  const asked = ['--deployment', name, '--namespace', name, '--environment', 'lab', '--directory', folder];
  const load = ['--url', url, '--rate', '20', '--receipt', file];
  const where: ProcessOptions = { directory: process.cwd(), environment: process.env, signal };
  const verified = run(where, 'npx', '--no', 'zerodrop', 'verify', ...asked, ...load, 'all.yaml').catch(
    () => undefined,
  );
  await pause(4_000);
  await rollOut();
  await verified;
  const receipt = readReceipt(await readFile(file, 'utf8'));
  assert.ok(receipt !== null, 'verify wrote no receipt.');
  return receipt;
}

/** A reference by its digest, of what the registry of the lab has under a name. */
async function pin(repository: string): Promise<string> {
  const base = `http://${registry}/v2/${repository}`;
  const { tags } = (await (await fetch(`${base}/tags/list`)).json()) as { readonly tags: readonly string[] };
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`${base}/manifests/${tags[0] ?? ''}`, { method: 'HEAD', headers: { accept } });
  return `${registry}/${repository}@${answer.headers.get('docker-content-digest') ?? ''}`;
}

/** Requests of a generator that has nothing in common with the load of verify: 40 a second, in turns on kept and on new connections. */
function generate() {
  const kept = new http.Agent({ keepAlive: true, maxSockets: 20 });
  const open = new Set<Promise<void>>();
  let sent = 0;
  let lost = 0;
  const send = (): void => {
    sent += 1;
    const agent = sent % 2 === 0 ? kept : false;
    const answered = new Promise<void>((resolve, reject) => {
      const request = http.get(url, { agent, timeout: 10_000 }, (response) => {
        response.on('error', reject).on('end', resolve).resume();
      });
      request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout')));
    })
      .catch(() => void (lost += 1))
      .finally(() => open.delete(answered));
    open.add(answered);
  };
  const sending = setInterval(send, 25);
  takeDowns.push(async () => clearInterval(sending));
  return {
    async stop() {
      clearInterval(sending);
      await Promise.all(open);
      kept.destroy();
      return { sent, lost };
    },
  };
}

/** Its objects as documents of YAML, of which JSON is a part. */
function manifests(image: string, node: string, version: number, drainMs: number): string {
  const labels = { app: name };
  const container = {
    name: 'web',
    image,
    command: [node, '-e', program],
    env: Object.entries({ VERSION: version, DRAIN_MS: drainMs }).map(([key, value]) => ({
      name: key,
      value: `${value}`,
    })),
    ports: [{ containerPort: 8_080 }],
    readinessProbe: { httpGet: { path: '/', port: 8_080 }, periodSeconds: 1 },
  };
  const metadata = { name, namespace: name };
  const deployment = {
    replicas: 3,
    minReadySeconds: 1,
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 15, containers: [container] } },
  };
  const service = { type: 'NodePort', selector: labels, ports: [{ port: 80, targetPort: 8_080, nodePort }] };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: service },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deployment },
  ];
  return items.map((item) => JSON.stringify(item)).join('\n---\n');
}
