import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { echo } from 'zerodrop/rehearse';
import { run, type ProcessOptions } from 'zerodrop/rehearse';
import { type Sample, type Scratch, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import { partsOf, type TargetPath } from '../../apps/pins.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { applicationPage } from './argo-api.ts';
import { field, listField } from './field.ts';
import { buildImage } from './image.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { isRolledOut, type Kubectl, openRoot } from './root.ts';
import { labSettings, openScratch, release, settle } from './scratch.ts';

// Fifty targets, 25 services in two environments, rendered by apps/ and followed by a real Argo CD through a root application. Two of the
// services run in both environments, under load. Each of these is released once more in staging: that target alone may roll, Argo CD
// may refresh no other, and no request may be lost. .ci/lab-services starts it.

const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
/** Requests a second to each target that runs, half of them over kept connections. */
const rate = Number(process.env['RATE'] ?? 10);
const count = 25;
const root = 'lab-many-root';
const names = Array.from({ length: count }, (_, index) => `lab-many-${String(index + 1).padStart(2, '0')}`);
const environments = ['staging', 'production'];
const targets = names.flatMap((name) => environments.map((environment): TargetPath => `${environment}/${name}`));
const running = targets.filter((target) => names.slice(0, 2).includes(partsOf(target).service));

await perform(play);

async function play(): Promise<void> {
  const opened = await openScratch('lab-many');
  const { scratch, repository, clone } = opened;
  const settings = await manySettings(scratch, repository);
  const workload: WebService = { replicas: 2, exposure: 'node-port', collectors: [], cpu: '10m', memory: '64Mi' };
  await settle(scratch, clone, settings, workload, 'staging');
  const build = async (service: string, source: string): Promise<string> =>
    buildImage(clone, `${registry}/${service}`, source, {});
  for (const service of names.slice(0, 2)) {
    const image = await build(service, scratch.revision);
    for (const environment of environments) await release(clone, `${environment}/${service}`, image, scratch.revision);
  }
  const first = await scratch.push();
  say(`${targets.length} targets are rendered, and ${running.length} of them are released`);

  const kubectl = await openRoot(opened, root, settings);
  for (const target of targets)
    await applicationPage(server, applicationOf(target), signal).until('rolled out', isRolledOut(first), 240_000);
  say('the root has made the applications, and all are rolled out');

  const loads = new Map<TargetPath, Sent>();
  for (const target of running) loads.set(target, await loadOf(kubectl, target));
  for (const service of names.slice(0, 2)) {
    await releasesOne({ scratch, clone, kubectl, repository }, `staging/${service}`, build);
  }
  await pause(5_000, undefined, { signal });
  for (const [target, { load, samples }] of loads) {
    await load.stop();
    const lost = samples.filter(({ failure }) => failure !== null);
    say(`${target}: ${lost.length} of ${samples.length} requests lost`);
    assert.ok(samples.length > 0);
    assert.deepEqual(lost.slice(0, 5), [], target);
  }
}

interface Place {
  readonly scratch: Scratch;
  readonly clone: ProcessOptions;
  readonly kubectl: Kubectl;
  readonly repository: string;
}

/** Releases one target, and requires that it alone is refreshed, synced and rolled. */
async function releasesOne(
  { scratch, clone, kubectl, repository }: Place,
  target: TargetPath,
  build: (service: string, source: string) => Promise<string>,
): Promise<void> {
  await scratch.commit('Improve the service');
  const source = await scratch.push();
  const image = await build(partsOf(target).service, source);
  await release(clone, target, image, source);
  const before = await seen(kubectl);
  const watch = watchRefreshes();
  try {
    await pause(1_000, undefined, { signal });
    const commit = await scratch.push();
    const begunAt = Date.now();
    await pushEvent(clone, repository, source, commit);
    const page = applicationPage(server, applicationOf(target), signal);
    await page.until(`rolled out at ${commit}`, isRolledOut(commit), 120_000);
    say(`${target} is rolled out ${Date.now() - begunAt} ms after the push`);
    // The last old pod ends after that.
    await pause(20_000, undefined, { signal });
  } finally {
    watch.stop();
  }
  const after = await seen(kubectl);
  const moved = targets.filter((one) => JSON.stringify(before.get(one)) !== JSON.stringify(after.get(one)));
  assert.deepEqual(moved, [target], 'what else has moved');
  const refreshed = targets.filter((one) => watch.refreshed.has(applicationOf(one)));
  assert.deepEqual(refreshed, [target], 'what else was refreshed');
  say(`of ${targets.length} targets it alone was refreshed, synced and rolled`);
}

function applicationOf(target: TargetPath): string {
  const { environment, service } = partsOf(target);
  return `${service}-${environment}`;
}

/** The requests that are sent to one target. */
interface Sent {
  readonly load: Awaited<ReturnType<typeof startLoad>>;
  readonly samples: readonly Sample[];
}

/** Sends requests to a target from now on. */
async function loadOf(kubectl: Kubectl, target: TargetPath): Promise<Sent> {
  const at = ['--namespace', applicationOf(target), partsOf(target).service];
  const port = await kubectl('get', 'service', ...at, '--output', 'jsonpath={.spec.ports[0].nodePort}');
  const samples: Sample[] = [];
  const load = await startLoad({
    request: echo,
    url: `http://127.0.0.1:${port}`,
    rate: rate / 2,
    onSamples: (batch) => void samples.push(...batch),
  });
  takeDowns.push(() => load.abandon());
  return { load, samples };
}

/** What must not move where nothing is released, of each target: the last sync, the history, the revision of the Deployment and its pods. */
async function seen(kubectl: Kubectl): Promise<ReadonlyMap<TargetPath, unknown>> {
  const list = async (kind: string): Promise<readonly unknown[]> =>
    listField(JSON.parse(await kubectl('get', kind, '--all-namespaces', '--output', 'json')), 'items');
  const applications = await list('applications.argoproj.io');
  const deployments = await list('deployments.apps');
  const pods = await list('pods');
  return new Map(
    targets.map((target) => {
      const name = applicationOf(target);
      const isOwn = (object: unknown): boolean => field(object, 'metadata', 'namespace') === name;
      const application = applications.find((one) => field(one, 'metadata', 'name') === name);
      const deployment = deployments.find(isOwn);
      return [
        target,
        {
          operation: field(application, 'status', 'operationState'),
          history: field(application, 'status', 'history'),
          generation: field(deployment, 'metadata', 'generation'),
          revision: field(deployment, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'),
          pods: pods
            .filter(isOwn)
            .map((pod) => field(pod, 'metadata', 'uid'))
            .toSorted(),
        },
      ] as const;
    }),
  );
}

/** Names the applications that are asked to refresh from now on: the comparison that Argo CD makes of all from time to time asks none. */
function watchRefreshes(): { readonly refreshed: ReadonlySet<string>; stop(): void } {
  const words = '{.metadata.name} {.metadata.annotations.argocd\\.argoproj\\.io/refresh}{"\\n"}';
  const output = ['--output', `jsonpath=${words}`];
  const all = ['applications.argoproj.io', '--namespace', 'argocd'];
  const child = spawn('kubectl', ['get', ...all, '--watch-only', ...output], { stdio: ['ignore', 'pipe', 'inherit'] });
  const refreshed = new Set<string>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [name, refresh] = line.split(' ');
      if (name !== undefined && refresh !== undefined && refresh !== '') refreshed.add(name);
    }
  });
  return { refreshed, stop: () => void child.kill() };
}

/** Tells Argo CD of a push as GitHub does. */
async function pushEvent(clone: ProcessOptions, repository: string, before: string, after: string): Promise<void> {
  const files = (await run(clone, 'git', 'diff', '--name-only', before, after)).split('\n');
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    before,
    after,
    repository: { html_url: repository, default_branch: 'main' },
    commits: [{ id: after, added: [], removed: [], modified: files }],
  });
  const answer = await fetch(`${server}/api/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
    signal: AbortSignal.timeout(10_000),
    body,
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function manySettings(scratch: Scratch, repository: string): Promise<Settings> {
  return labSettings(await loadSettings(scratch.directory), {
    repository,
    services: names.map((name) => ({ name, image: path.posix.join(registry, name) })),
    environments: [{ name: 'staging' }, { name: 'production', after: 'staging' }],
  });
}
