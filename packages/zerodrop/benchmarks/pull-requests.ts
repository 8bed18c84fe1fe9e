// npm run benchmark:pull-requests -w zerodrop -- [--only NAME]... [--verbose]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isolatedEnvironment } from '../src/git.ts';
import { run, runProgram } from '../src/program.ts';

/** A text of a file, changed. */
type Edit = (text: string) => string;

/** A pull request, and whether merging it costs requests. */
interface PullRequest {
  readonly isHarmful: boolean;
  readonly files: Readonly<Record<string, Edit>>;
}

const server = `const { createServer } = require('node:http');
let ending = false;
const server = createServer((request, response) => {
  if (ending) response.setHeader('connection', 'close');
  response.statusCode = ['/ready', '/api'].includes(request.url) ? 200 : 404;
  response.end('{"ok":true}');
});
setTimeout(() => server.listen(Number(process.env.PORT)), 200);
process.on('SIGTERM', () => {
  ending = true;
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, Number(process.env.DRAIN_MS));
});
`;

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
  progressDeadlineSeconds: 15
  selector: { matchLabels: { app: web } }
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 30
      containers:
        - name: web
          image: registry.test/web:1.0.0
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: PORT, value: '8080' }
            - { name: DRAIN_MS, value: '5000' }
          resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 256Mi } }
          readinessProbe: { httpGet: { path: /ready, port: http }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
`;

const base: Readonly<Record<string, string>> = {
  'server.js': server,
  'k8s/web.yaml': manifests,
  'README.md': 'A shop.\n',
};

/** Replaces a text that has to be there: a pull request without a change would be judged right by chance. */
function replacing(from: string, to: string): Edit {
  return (text) => {
    if (!text.includes(from))
      throw new Error(`${JSON.stringify(from)} is not in the file that a pull request changes.`);
    return text.replaceAll(from, to);
  };
}

const inManifests = (from: string, to: string): PullRequest['files'] => ({ 'k8s/web.yaml': replacing(from, to) });
const inProgram = (from: string, to: string): PullRequest['files'] => ({ 'server.js': replacing(from, to) });
const harmful = (files: PullRequest['files']): PullRequest => ({ isHarmful: true, files });
const harmless = (files: PullRequest['files']): PullRequest => ({ isHarmful: false, files });
const readiness = '          readinessProbe: { httpGet: { path: /ready, port: http }, periodSeconds: 1 }\n';
const variable = "            - { name: DRAIN_MS, value: '5000' }\n";

const pullRequests: Readonly<Record<string, PullRequest>> = {
  'drain-cut': harmful(inManifests("value: '5000'", "value: '0'")),
  'readiness-broken': harmful(inManifests('path: /ready', 'path: /redy')),
  'readiness-removed': harmful(inManifests(readiness, '')),
  'start-beyond-deadline': harmful(inProgram('), 200)', '), 60_000)')),
  'port-moved-alone': harmful({
    'k8s/web.yaml': (text) =>
      replacing(
        'targetPort: http',
        'targetPort: 8080',
      )(replacing("value: '8080'", "value: '9090'")(replacing('containerPort: 8080', 'containerPort: 9090')(text))),
  }),
  'replicas-lost': harmful(inManifests('replicas: 3', 'replicas: 1')),
  'protocol-broken': harmful(inProgram("'/api'", "'/v2/api'")),
  'memory-below-need': harmful(inManifests('limits: { memory: 256Mi }', 'limits: { memory: 16Mi }')),
  'all-pods-at-once': harmful(inManifests('maxSurge: 1, maxUnavailable: 0', 'maxSurge: 0, maxUnavailable: 3')),
  'ends-at-once': harmful(
    inProgram("process.on('SIGTERM', () => {", "process.on('SIGTERM', () => {\n  process.exit(0);"),
  ),
  documentation: harmless({ 'README.md': () => 'A shop, explained.\n' }),
  'default-written-out': harmless(
    inManifests('      containers:\n', '      dnsPolicy: ClusterFirst\n      containers:\n'),
  ),
  'label-of-the-deployment': harmless(
    inManifests(
      '  name: web\n  namespace: shop\nspec:\n  replicas',
      '  name: web\n  namespace: shop\n  labels: { tier: front }\nspec:\n  replicas',
    ),
  ),
  'more-replicas': harmless(inManifests('replicas: 3', 'replicas: 4')),
  'variable-added': harmless(inManifests(variable, `${variable}            - { name: COLOUR, value: blue }\n`)),
  'program-changed': harmless(inProgram('{"ok":true}', '{"ok":true,"next":1}')),
  'longer-drain': harmless(inManifests("value: '5000'", "value: '7000'")),
  'more-memory': harmless(
    inManifests('memory: 64Mi }, limits: { memory: 256Mi }', 'memory: 96Mi }, limits: { memory: 512Mi }'),
  ),
  'faster-rollout': harmless({
    'k8s/web.yaml': (text) => replacing('maxSurge: 1', 'maxSurge: 3')(replacing('1.0.0', '1.0.1')(text)),
  }),
  'port-moved-with-its-name': harmless({
    'k8s/web.yaml': (text) =>
      replacing("value: '8080'", "value: '9090'")(replacing('containerPort: 8080', 'containerPort: 9090')(text)),
  }),
};

/** Makes a repository whose branch `change` is a pull request to `main`. Returns where it is. */
async function made({ files }: PullRequest): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'zerodrop-pull-request-'));
  const where = { directory, environment: isolatedEnvironment(process.env), signal: new AbortController().signal };
  const git = (...args: readonly string[]): Promise<string> =>
    run(where, 'git', '-c', 'user.name=owner', '-c', 'user.email=owner@example.org', ...args);
  const commit = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'Change');
  };
  await git('init', '--quiet', '--initial-branch=main');
  await commit(base);
  await git('checkout', '--quiet', '-b', 'change');
  await commit(Object.fromEntries(Object.entries(files).map(([name, edit]) => [name, edit(base[name] ?? '')])));
  return directory;
}

const cli = new URL('../src/cli.ts', import.meta.url).href;
const script = `import(${JSON.stringify(cli)}).then(async ({ main }) => { process.exitCode = await main(process.argv.slice(1)); })`;
/** No pull request may take longer. */
const limitMs = 240_000;

/** Runs a command of the package in a repository, and returns its exit code and what it said. */
async function zerodrop(
  directory: string,
  ...args: readonly string[]
): Promise<{ exitCode: number | null; said: string }> {
  const call = { directory, environment: process.env, limitMs, signal: new AbortController().signal };
  const start = ['--conditions=zerodrop-source', '--import', import.meta.resolve('tsx'), '--eval', script, '--'];
  const { exitCode, stdout, stderr } = await runProgram(call, process.execPath, ...start, ...args);
  return { exitCode, said: `${stdout}\n${stderr}` };
}

const words: Readonly<Record<number, string>> = { 0: 'passed', 1: 'failed', 4: 'inconclusive' };
const named = (exitCode: number | null): string => words[exitCode ?? -1] ?? `exit ${exitCode}`;

/** Judges one by the guard and a rehearsal; once more where the machine was too busy. */
async function judged(name: string, one: PullRequest): Promise<boolean> {
  const directory = await made(one);
  const startedAt = Date.now();
  try {
    const guard = await zerodrop(directory, 'guard', '--base', 'main', 'k8s');
    const asked = ['k8s', '--base', 'main', '--command', 'node server.js', '--request', 'GET /api', '--rate', '50'];
    const told = [
      '--drain-variable',
      'DRAIN_MS',
      '--add-startup-ms',
      '200',
      '--report',
      path.join(directory, '.git', 'report'),
    ];
    const play = (): ReturnType<typeof zerodrop> => zerodrop(directory, 'rehearse', ...asked, ...told);
    const first = await play();
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const rehearsal = first.exitCode === 4 ? await play() : first;
    const isRefused = guard.exitCode === 1 || rehearsal.exitCode === 1;
    const isKnown = isRefused || (guard.exitCode === 0 && rehearsal.exitCode === 0);
    const isRight = isKnown && isRefused === one.isHarmful;
    const cells = [
      name,
      one.isHarmful ? 'harmful' : 'harmless',
      named(guard.exitCode),
      rehearsal.said.includes('nothing is played') ? 'nothing rolls' : named(rehearsal.exitCode),
      `${seconds} s`,
    ];
    process.stdout.write(`| ${[...cells, isRight ? 'right' : 'WRONG'].join(' | ')} |\n`);
    if (!isRight || values.verbose) process.stdout.write(`${guard.said}\n${rehearsal.said}\n`);
    return isRight;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, verbose: { type: 'boolean', default: false } },
});
const names = values.only ?? Object.keys(pullRequests);
process.stdout.write(
  '| pull request | is | guard | rehearsal | took | judged |\n| --- | --- | --- | --- | ---: | --- |\n',
);
let right = 0;
for (const name of names) {
  const one = pullRequests[name];
  if (one === undefined)
    throw new Error(`There is no pull request ${name}. There are ${Object.keys(pullRequests).join(', ')}.`);
  right += Number(await judged(name, one));
}
process.stdout.write(`\n${right} of ${names.length} judged right.\n`);
process.exitCode = right === names.length ? 0 : 1;
