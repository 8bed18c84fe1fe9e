import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { echo } from 'zerodrop/rehearse';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import { applicationPage } from './argo-api.ts';
import { field, listField } from './field.ts';
import { buildImage } from './image.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { isRolledOut, type Kubectl, openRoot } from './root.ts';
import { labSettings, openScratch, release, settle } from './scratch.ts';

// The steps of docs/how-to/autoscale-a-service.md on a real Kubernetes with a real Argo CD, under load: from a fixed number of pods to an
// autoscaler, a release under it, and back. No pod may be lost on the way, and no request.
//
//     node --conditions=zerodrop-source --import tsx tests/real/autoscaler.ts
//
// A cluster without a metrics server has an autoscaler that reads no metric. It still keeps to its bounds: a higher minimum starts pods,
// and that shows who decides.

const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
const service = 'lab-scale';
const root = `${service}-root`;
const application = `${service}-staging`;
const rate = Number(process.env['RATE'] ?? 20);
const fixed = 3;
const least = 4;

await perform(play);

async function play(): Promise<void> {
  const opened = await openScratch(service);
  const { scratch, repository, clone } = opened;
  const settings = labSettings(await loadSettings(scratch.directory), {
    repository,
    services: [{ name: service, image: `${registry}/${service}` }],
    environments: [{ name: 'staging' }],
  });
  const usual: WebService = { exposure: 'node-port', collectors: [], cpu: '20m', memory: '64Mi' };
  const autoscale = { min: fixed, max: 8, targetCpu: 70 };
  const releaseNow = async (): Promise<void> => {
    const image = await buildImage(clone, `${registry}/${service}`, await scratch.push(), {});
    await release(clone, `staging/${service}`, image, await scratch.push());
  };
  await settle(scratch, clone, settings, { ...usual, replicas: fixed }, 'staging');
  await releaseNow();

  const first = await scratch.push();
  const kubectl = await openRoot(opened, root, settings);
  const page = applicationPage(server, application, signal);
  await page.until(`rolled out at ${first}`, isRolledOut(first), 120_000);
  await requirePods(kubectl, fixed);
  say(`${fixed} pods, and no autoscaler`);

  const port = ['--namespace', application, service, '--output', 'jsonpath={.spec.ports[0].nodePort}'];
  const samples: Sample[] = [];
  const load = await startLoad({
    request: echo,
    url: `http://127.0.0.1:${await kubectl('get', 'service', ...port)}`,
    rate: rate / 2,
    onSamples: (batch) => void samples.push(...batch),
  });
  takeDowns.push(() => load.abandon());
  const counts = countPods(kubectl);
  const step = async (what: string, wanted: number, change: () => Promise<void>): Promise<void> => {
    counts.clear();
    await change();
    const commit = await scratch.push();
    await applicationPage(server, root, signal).refreshed();
    await page.refreshed();
    await page.until(`rolled out at ${commit}`, isRolledOut(commit), 60_000);
    await requirePods(kubectl, wanted);
    // Argo CD heals what it takes for a drift within seconds.
    await pause(10_000, undefined, { signal });
    await requirePods(kubectl, wanted);
    say(`${what}: ${wanted} pods; ready meanwhile: ${counts.seen()}`);
    assert.ok(counts.least() >= Math.min(wanted, fixed), `${what}: fewer pods for a time`);
  };
  // The settings have no other environment, so that the release of this one is kept.
  const settleTo = (workload: WebService) => () => settle(scratch, clone, settings, { ...usual, ...workload }, 'none');
  await step('an autoscaler beside replicas', fixed, settleTo({ replicas: fixed, autoscale }));
  await step('replicas removed', fixed, settleTo({ autoscale }));
  await step('a higher minimum', least, settleTo({ autoscale: { ...autoscale, min: least } }));
  await step('a release', least, releaseNow);
  await step('back to a fixed number', least, settleTo({ replicas: least }));
  await load.stop();
  counts.stop();
  const lost = samples.filter(({ failure }) => failure !== null);
  say(`${lost.length} of ${samples.length} requests lost`);
  assert.ok(samples.length > 0);
  assert.deepEqual(lost.slice(0, 5), []);
}

/** It answers, and is not about to end. */
function isReady(pod: unknown): boolean {
  return (
    field(pod, 'metadata', 'deletionTimestamp') === undefined &&
    listField(pod, 'status', 'conditions').some(
      (condition) => field(condition, 'type') === 'Ready' && field(condition, 'status') === 'True',
    )
  );
}

async function readyPods(kubectl: Kubectl): Promise<number> {
  const pods = ['--namespace', application, '--selector', `app.kubernetes.io/name=${service}`, '--output', 'json'];
  const items = listField(JSON.parse(await kubectl('get', 'pods', ...pods)), 'items');
  return items.filter(isReady).length;
}

/** Waits until the Deployment is rolled out with so many pods. */
async function requirePods(kubectl: Kubectl, wanted: number): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const text = await kubectl('get', 'deployment', '--namespace', application, service, '--output', 'json');
    const deployment: unknown = JSON.parse(text);
    const counts = ['replicas', 'updatedReplicas', 'readyReplicas'].map((name) => field(deployment, 'status', name));
    const isSeen = field(deployment, 'status', 'observedGeneration') === field(deployment, 'metadata', 'generation');
    if (isSeen && counts.every((count) => count === wanted) && field(deployment, 'spec', 'replicas') === wanted) return;
    if (Date.now() > until) throw new Error(`There are ${counts.join(', ')} pods, and ${wanted} are wanted.`);
    await pause(500, undefined, { signal });
  }
}

/** Counts the ready pods, again and again. */
function countPods(kubectl: Kubectl): { clear(): void; least(): number; seen(): string; stop(): void } {
  let counts: number[] = [];
  const stopping = new AbortController();
  const counting = (async () => {
    while (!stopping.signal.aborted) {
      counts.push(await readyPods(kubectl));
      await pause(300);
    }
  })();
  counting.catch(() => undefined);
  takeDowns.push(async () => {
    stopping.abort();
    await counting.catch(() => undefined);
  });
  return {
    clear: () => void (counts = []),
    least: () => Math.min(...counts),
    seen: () => counts.filter((one, index) => one !== counts[index - 1]).join(', '),
    stop: () => stopping.abort(),
  };
}
