import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import { expectedOneOf } from '../options.ts';
import { run } from '../program.ts';
import { makeClient } from './load/client.ts';
import { get } from './load/request.ts';

/** The program in each pod: a service that drains, with one thing broken in it. It says in its name that it is the self-test's. */
const service = `/* zerodrop self-test */
  const { FAULT, DRAIN_MS, PORT, START_MS = 300 } = process.env;
  const startedAt = Date.now();
  let asked = 0, drains = false;
  const server = require('node:http').createServer((request, response) => {
    if (request.url === '/readyz') return response.end();
    if (request.url === '/nowhere') return response.writeHead(404).end();
    asked += 1;
    const isWrong = FAULT === 'wrong body' && asked % 300 === 0;
    const lateMs = FAULT === 'cold' && Date.now() - startedAt < 4000 ? 3000 : request.url === '/slow' ? 2500 : 0;
    setTimeout(() => { // A client that keeps its connection would send on it while it is closed.
      if (drains) response.setHeader('connection', 'close');
      isWrong ? response.end('wrong') : request.pipe(response);
    }, lateMs);
  });
  server.keepAliveTimeout = 620000;
  setTimeout(() => server.listen(PORT), Number(START_MS));
  if (FAULT !== 'no drain') process.on('SIGTERM', () => (drains = true) && setTimeout(() => {
    if (FAULT === 'cut off') process.exit(0);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, Number(DRAIN_MS)));`;

const labels = { app: 'self-test' };

/** Two pods that replace each other within seconds. */
const manifests: readonly object[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'self-test' },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8_080 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'self-test' },
    spec: {
      replicas: 2,
      minReadySeconds: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 10,
          containers: [
            {
              name: 'self-test',
              image: 'self-test:1',
              env: [{ name: 'DRAIN_MS', value: '2000' }],
              ports: [{ containerPort: 8_080 }],
              startupProbe: { httpGet: { path: '/readyz', port: 8_080 }, periodSeconds: 1, failureThreshold: 90 },
              readinessProbe: { httpGet: { path: '/readyz', port: 8_080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
];

/** What is done to a play once its load is calibrated: a signal to one of its processes, or programs that keep this machine busy. */
type Disturbance =
  | { readonly signal: 'SIGKILL' | 'SIGSTOP'; readonly process: RegExp; readonly forMs?: number }
  | { readonly busy: number };

/** One thing that is broken on purpose, and how a rehearsal that sees it ends. */
interface Row {
  readonly name: string;
  /** Exit codes that are right. */
  readonly expected: readonly number[];
  readonly said?: RegExp;
  readonly args?: readonly string[];
  readonly disturbed?: Disturbance;
}

const fault = (name: string): readonly string[] => ['--env', `FAULT=${name}`];
const echoes = ['--request', 'POST /', '--body', '{id}', '--body-equals', '{id}'];
/** Requests that are open when their pod ends: they take longer than its drain without the lag. */
const slowly = ['--request', 'POST /slow', '--body', '{id}', '--slow-ms', '8000', '--rate', '20'];

const killed = (what: string, process: RegExp) =>
  ({ name: `${what}-killed`, disturbed: { signal: 'SIGKILL', process } }) as const;

const rows: readonly Row[] = [
  { name: 'nothing-broken', args: ['--control', 'no-drain'], expected: [0] },
  { name: 'slow-while-cold', args: fault('cold'), expected: [1] },
  { name: 'lag-longer-than-drain', args: ['--endpoint-lag-ms', '6000'], expected: [1] },
  {
    name: 'client-asleep',
    disturbed: { signal: 'SIGSTOP', process: /load.program/, forMs: 380 },
    expected: [4],
    said: /was silent for/,
  },
  { name: 'cut-off-after-drain', args: [...fault('cut off'), ...slowly], expected: [1] },
  { name: 'wrong-body', args: [...fault('wrong body'), ...echoes], expected: [1], said: /wrong body/ },
  { name: 'no-drain', args: fault('no drain'), expected: [1] },
  { ...killed('load-client', /load.program/), expected: [4], said: /The load client ended by itself/ },
  { ...killed('balancer', /balancer\.cjs/), expected: [3] },
  { ...killed('cluster', /cluster\.cjs/), expected: [3] },
  { ...killed('pod', /zerodrop self-test/), expected: [1] },
  { name: 'busy-machine', disturbed: { busy: 2 * availableParallelism() }, expected: [0, 4] },
  { name: 'slow-answers', args: slowly, expected: [0] },
  { name: 'no-such-path', args: ['--request', 'GET /nowhere'], expected: [2], said: /404/ },
  { name: 'slow-start', args: ['--env', 'START_MS=50000'], expected: [0] },
];

const refusing = 'one-address-refuses';

/** What is broken and can't be played on the embedded cluster, and why. */
const unplayed: Readonly<Record<string, string>> = {
  'short-keep-alive':
    'a connection that a service closes while it idles is not used again, so only a request of that very moment is lost.',
  'balancer-retries': 'the embedded load balancer never dials twice, as the packet filter of a node does not.',
  'git-remote-away': 'the remote is a folder that the rehearsal itself pushes to.',
};

/** `--self-test [NAME...]`: breaks what a rehearsal must see, and says whether it does. Returns the exit code. */
export async function selfTest(names: readonly string[], say: (text: string) => void): Promise<number> {
  const all = [...rows.map(({ name }) => name), refusing];
  for (const name of names) {
    if (Object.hasOwn(unplayed, name)) throw new UsageError(`${name} can't be played: ${unplayed[name]}`);
    if (!all.includes(name)) throw new UsageError(`--self-test ${name}: ${expectedOneOf(all, name)}`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-self-test-'));
  const ended: Ending[] = [];
  try {
    await mkdir(path.join(folder, 'manifests'));
    const documents = manifests.map((object) => JSON.stringify(object)).join('\n---\n');
    await writeFile(path.join(folder, 'manifests', 'all.yaml'), documents);
    for (const name of names.length === 0 ? all : names) {
      say(`${name} ...\n`);
      const startedAt = Date.now();
      const row = rows.find((one) => one.name === name);
      const [ending, said] = row === undefined ? await refusedAddress() : await playRow(row, folder);
      ended.push(ending);
      say(`${ending}  ${name}  ${((Date.now() - startedAt) / 1_000).toFixed(0)} s\n${said}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  if (names.length === 0) {
    for (const [name, why] of Object.entries(unplayed)) say(`not played  ${name}: ${why}\n`);
  }
  const count = (ending: Ending): number => ended.filter((one) => one === ending).length;
  say(`${count('right')} right, ${count('WRONG')} wrong, ${count('too busy')} inconclusive on this busy machine.\n`);
  return count('WRONG') > 0 ? 1 : count('too busy') > 0 ? 4 : 0;
}

/** `too busy`: a run that is inconclusive says nothing wrong, and not what it was played for. */
type Ending = 'right' | 'WRONG' | 'too busy';

/** With why it is not right. */
type Ended = readonly [ending: Ending, said: string];

/** Plays a row with the command that this process was started as. */
async function playRow({ args = [], expected, said, disturbed, name }: Row, folder: string): Promise<Ended> {
  const asked = process.argv.indexOf('--self-test');
  const command = [...process.execArgv, ...process.argv.slice(1, asked)];
  const program = JSON.stringify([process.execPath, '-e', service]);
  const told = ['--command', program, '--drain-variable', 'DRAIN_MS'];
  const control = args.includes('--control') ? [] : ['--control', 'none'];
  const report = ['--report', path.join(folder, name)];
  const all = [...command, path.join(folder, 'manifests'), ...told, ...control, ...report, ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let isDisturbed = false;
  const undo: (() => void)[] = [];
  const hear = (part: Buffer): void => {
    text += part.toString();
    if (disturbed === undefined || isDisturbed || !text.includes('are broken on purpose')) return;
    isDisturbed = true;
    void disturb(disturbed, child.pid ?? 0, undo);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const one of undo) one();
  // The summary is cut to a screen.
  const whole = text + (await readFile(path.join(folder, name, 'report.json'), 'utf8').catch(() => ''));
  if (code !== null && expected.includes(code) && (said === undefined || said.test(whole))) return ['right', ''];
  const wanted = `${expected.join(' or ')}${said === undefined ? '' : ` and ${said}`}`;
  return [code === 4 ? 'too busy' : 'WRONG', `Exit code ${code}, expected ${wanted}:\n${text}`];
}

/** Does it once the load has run for a while; `undo` gets what ends it. */
async function disturb(what: Disturbance, rehearsal: number, undo: (() => void)[]): Promise<void> {
  await pause(2_000);
  if ('busy' in what) {
    const loops = Array.from({ length: what.busy }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    undo.push(...loops.map((loop) => () => void loop.kill('SIGKILL')));
    return;
  }
  const found = (await descendants(rehearsal)).findLast(({ command }) => what.process.test(command));
  if (found === undefined) return;
  process.kill(found.id, what.signal);
  if (what.forMs !== undefined) {
    await pause(what.forMs);
    process.kill(found.id, 'SIGCONT');
  }
}

type Started = Readonly<{ id: number; parent: number; command: string }>;

/** The processes that one has started, and those that these have started, parents first. */
async function descendants(of: number): Promise<readonly Started[]> {
  const { signal } = new AbortController();
  const here = { directory: tmpdir(), environment: process.env, signal };
  const lines = (await run(here, 'ps', '-e', '-o', 'pid=,ppid=,args=')).split('\n');
  const all = lines.flatMap((line): Started[] => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
  const found = all.filter(({ parent }) => parent === of);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.id));
  return found;
}

/** A name with two addresses, of which one refuses: half of the requests must be seen to be lost. */
async function refusedAddress(): Promise<Ended> {
  const server = createServer((request, response) => request.pipe(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const addresses = ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const client = makeClient({ url: `http://two.test:${port}`, addresses }, get('/'), { inTurn: 1, idleMs: [] });
  const lost: (string | null)[] = [];
  for (let index = 0; index < 10; index += 1) {
    lost.push((await client.send({ kind: 'new-connection', index, dueAt: Date.now() })).failure);
  }
  await new Promise((resolve) => server.close(resolve));
  const refused = lost.filter((failure) => failure === 'ECONNREFUSED').length;
  return refused === 5 ? ['right', ''] : ['WRONG', `5 of 10 requests must be refused, and ${refused} were.\n`];
}
