import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { echo } from 'zerodrop/rehearse';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import { applicationPage } from './argo-api.ts';
import { openController } from './controller.ts';
import { field, listField } from './field.ts';
import { buildImage } from './image.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { isRolledOut, type Kubectl, openRoot } from './root.ts';
import { labSettings, openScratch, release, settle } from './scratch.ts';

// What docs/how-to/upgrade.md says of upgrades and of a lost cluster, on a real Kubernetes with a real Argo CD, under load: a release while
// Argo CD's controller is away, a controller that goes in the middle of a rollout, a node that is drained in the middle of one, and everything
// made anew from git. .ci/lab-upgrades starts it.

const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
const metrics = process.env['ARGOCD_METRICS'] ?? 'http://127.0.0.1:8082/metrics';
/** Requests a second, half of them over kept connections. */
const rate = Number(process.env['RATE'] ?? 20);
const [service, root] = ['lab-upgrade', 'lab-upgrade-root'];
const target = `production/${service}` as const;
const application = `${service}-production`;
const awayMs = 15_000;
const withinMs = 180_000;

await perform(play);

async function play(): Promise<void> {
  const opened = await openScratch(service);
  const { scratch, repository, clone, folder } = opened;
  const own = {
    repository,
    services: [{ name: service, image: `${registry}/${service}` }],
    environments: [{ name: 'production' }],
  };
  const settings = labSettings(await loadSettings(scratch.directory), own, service);
  const workload: WebService = { replicas: 3, exposure: 'node-port', collectors: [], cpu: '10m', memory: '64Mi' };
  await settle(scratch, clone, settings, workload, 'production');
  const page = applicationPage(server, application, signal);
  /** Commits and pushes a release of a new build. Returns its commit and its version. */
  const publish = async (subject: string): Promise<{ readonly commit: string; readonly version: string }> => {
    await scratch.commit(subject);
    const source = await scratch.push();
    const image = await buildImage(clone, `${registry}/${service}`, source, {});
    await release(clone, target, image, source);
    return { commit: await scratch.push(), version: source.slice(0, 12) };
  };
  const first = await publish('Begin the service');
  const kubectl = await openRoot(opened, root, settings);
  await page.until('rolled out', isRolledOut(first.commit), withinMs);
  say('the first release runs');

  const pods = podsOf(kubectl);
  const at = ['--namespace', application, service, '--output', 'jsonpath={.spec.ports[0].nodePort}'];
  const port = await kubectl('get', 'service', ...at);
  const samples: Sample[] = [];
  const url = `http://127.0.0.1:${port}`;
  const load = await startLoad({
    request: echo,
    url,
    rate: rate / 2,
    onSamples: (batch) => void samples.push(...batch),
  });
  takeDowns.push(() => load.abandon());

  const controller = openController();
  takeDowns.push(() => controller.start());
  say('Argo CD is away, and a release is pushed');
  const before = await pods();
  await controller.stop();
  const second = await publish('Improve the service');
  await pause(awayMs, undefined, { signal });
  assert.deepEqual(await pods(), before);
  assert.equal(await fetch(metrics).catch(() => null), null);
  await controller.start();
  const backAt = Date.now();
  // As verify asks at each release: by itself Argo CD asks git every few minutes.
  await page.refreshed();
  await page.until('rolled out', isRolledOut(second.commit), withinMs);
  say(`it is back, and has rolled the release out ${((Date.now() - backAt) / 1_000).toFixed(1)} s later`);
  await requireMetrics();

  say('Argo CD goes in the middle of a rollout');
  const third = await publish('Improve the service once more');
  await page.refreshed();
  await begun(pods);
  await controller.stop();
  const awayAt = Date.now();
  const status = ['rollout', 'status', '--namespace', application, `deployment/${service}`, '--timeout=120s'];
  await kubectl(...status);
  say(`Kubernetes has finished it alone, ${((Date.now() - awayAt) / 1_000).toFixed(1)} s after Argo CD went`);
  await controller.start();
  await page.until('rolled out', isRolledOut(third.commit), withinMs);

  say('the node is drained in the middle of a rollout');
  const fourth = await publish('And once more');
  await page.refreshed();
  await begun(pods);
  await drain(kubectl, folder, pods);
  await page.until('rolled out', isRolledOut(fourth.commit), withinMs);
  // The last old pod ends after that.
  await pause(20_000, undefined, { signal });
  await load.stop();
  const lost = samples.filter(({ failure }) => failure !== null);
  const versions = [first, second, third, fourth].map(({ version }) => version);
  const answered = versions.filter((version) => samples.some((one) => one.version?.includes(version)));
  say(`${lost.length} of ${samples.length} requests lost, through ${answered.length} versions`);
  assert.deepEqual(lost.slice(0, 5), []);
  assert.deepEqual(answered, versions);

  say('everything is gone: applications, projects, namespaces');
  const lostAt = Date.now();
  await openRoot(opened, root, settings);
  await page.until('rolled out', isRolledOut(fourth.commit), withinMs);
  const again = await (await fetch(`http://127.0.0.1:${await kubectl('get', 'service', ...at)}/version`)).text();
  assert.ok(again.includes(fourth.version), again);
  say(`one object was applied, and the same version answers ${((Date.now() - lostAt) / 1_000).toFixed(0)} s later`);
}

/** The names of the service's pods that are not about to end, oldest first. */
type Pods = () => Promise<readonly string[]>;

function podsOf(kubectl: Kubectl): Pods {
  return async () => {
    const asked = [
      'get',
      'pods',
      '--namespace',
      application,
      '--sort-by=.metadata.creationTimestamp',
      '--output',
      'json',
    ];
    return listField(JSON.parse(await kubectl(...asked)), 'items')
      .filter((pod) => field(pod, 'metadata', 'deletionTimestamp') === undefined)
      .map((pod) => String(field(pod, 'metadata', 'name')));
  };
}

/** Waits for the first new pod of a rollout. */
async function begun(pods: Pods): Promise<void> {
  const hashesNow = async (): Promise<number> => new Set((await pods()).map((name) => name.split('-').at(-2))).size;
  const until = Date.now() + withinMs;
  while ((await hashesNow()) < 2) {
    assert.ok(Date.now() < until, 'The rollout does not begin.');
    await pause(200, undefined, { signal });
  }
}

/**
 * Evicts every pod that runs now, as a drain does, and lets the node take pods again meanwhile, as a second node would. Only pods of the
 * service: others use the node as well.
 */
async function drain(kubectl: Kubectl, folder: string, pods: Pods): Promise<void> {
  const left = new Set(await pods());
  const all = left.size;
  let refused = 0;
  takeDowns.push(() => kubectl('uncordon', 'lab'));
  await kubectl('cordon', 'lab');
  const until = Date.now() + withinMs;
  for (let round = 0; left.size > 0; round += 1) {
    assert.ok(Date.now() < until, `${[...left].join(', ')} could not be evicted.`);
    // The others see the node cordoned for a few seconds only.
    if (round === 5) await kubectl('uncordon', 'lab');
    const there = new Set(await pods());
    for (const name of left) {
      if (!there.has(name) || (await evicted(kubectl, folder, name))) left.delete(name);
      else refused += 1;
    }
    await pause(1_000, undefined, { signal });
  }
  if (all > 0) await kubectl('uncordon', 'lab');
  say(`${all} pods are evicted; the budget refused ${refused} evictions before`);
  assert.ok(refused > 0, 'The budget has refused nothing.');
}

/** Asks for the eviction of a pod. False where its budget does not allow it now; a pod that is gone needs none. */
async function evicted(kubectl: Kubectl, folder: string, name: string): Promise<boolean> {
  const file = path.join(folder, 'eviction.json');
  const metadata = { name, namespace: application };
  await writeFile(file, JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata }));
  const place = `/api/v1/namespaces/${application}/pods/${name}/eviction`;
  try {
    await kubectl('create', '--raw', place, '--filename', file);
    return true;
  } catch (error) {
    if (/not found/i.test(String(error))) return true;
    assert.match(String(error), /disruption budget/);
    return false;
  }
}

/** Argo CD tells of the application by the labels that the alerts read (cluster/alerts.ts). */
async function requireMetrics(): Promise<void> {
  const text = await (await fetch(metrics)).text();
  const lines = text.split('\n').filter((line) => line.includes(`name="${application}"`));
  const info = lines.find((line) => line.startsWith('argocd_app_info{')) ?? '';
  assert.match(info, /health_status="Healthy".*sync_status="Synced".*\} 1$/);
  const syncs = lines.find((line) => line.startsWith('argocd_app_sync_total{')) ?? '';
  assert.match(syncs, /dry_run="false".*phase="Succeeded"/);
}
