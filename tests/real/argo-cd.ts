import assert from 'node:assert/strict';
import type { ProcessOptions } from 'zerodrop/rehearse';
import type { Scratch } from 'zerodrop/tests/rehearse/parts.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import { firstOf, type Settings } from '../../settings/settings.ts';
import { applicationPage, type ApplicationPage } from './argo-api.ts';
import { field, listField } from './field.ts';
import { buildImage } from './image.ts';
import { perform, say, signal } from './play.ts';
import { isRolledOut, openRoot } from './root.ts';
import { labSettings, openScratch, release, settle } from './scratch.ts';

// What people see and do in Argo CD's UI, asked of a real Argo CD: the pods and logs of an application, and its Rollback, which
// the root application undoes. .ci/lab-release starts it.

const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
const service = 'lab-look';
const namespace = `${service}-staging`;
const root = `${service}-root`;

/** Other ways to keep an application from being synced by itself. */
const switches: Readonly<Record<string, (application: Record<string, unknown>) => void>> = {
  'automated removed': (application) => {
    delete (field(application, 'spec', 'syncPolicy') as Record<string, unknown>)['automated'];
  },
  'skip-reconcile added': (application) => {
    const metadata = application['metadata'] as Record<string, unknown>;
    metadata['annotations'] = { ...(metadata['annotations'] as object), 'argocd.argoproj.io/skip-reconcile': 'true' };
  },
};

await perform(play);

async function play(): Promise<void> {
  const opened = await openScratch(service);
  const { scratch, repository, clone: checkout } = opened;
  const settings = await lookedAt(scratch, repository);
  await settle(scratch, checkout, settings, web(2), 'staging');
  const image = await buildImage(checkout, firstOf(settings.services).image, scratch.revision, {});
  await release(checkout, `staging/${service}`, image, scratch.revision);
  const first = await scratch.push();

  await openRoot(opened, root, settings);
  const page = applicationPage(server, `${service}-staging`, signal);
  await page.until(`rolled out at ${first}`, isRolledOut(first), 120_000);
  say('the root has made the application, and it is rolled out');
  await showsPods(page);
  await putsAutoSyncBack(page, scratch, checkout);
}

/** What the application's page shows: down to the pods, with their events and logs. */
async function showsPods(page: ApplicationPage): Promise<void> {
  const nodes = listField(await page.read('/resource-tree'), 'nodes');
  const kinds = nodes.map((node) => String(field(node, 'kind'))).toSorted();
  say(`the tree has ${kinds.join(', ')}`);
  const replicaSet = nodes.find((node) => field(node, 'kind') === 'ReplicaSet');
  assert.deepEqual(
    listField(replicaSet, 'parentRefs').map((parent) => field(parent, 'kind')),
    ['Deployment'],
  );
  const pods = nodes.filter((node) => field(node, 'kind') === 'Pod');
  assert.equal(pods.length, 2);
  const [pod] = pods;
  const of = new URLSearchParams({
    resourceNamespace: namespace,
    resourceName: String(field(pod, 'name')),
    resourceUID: String(field(pod, 'uid')),
  });
  const events = listField(await page.read(`/events?${of}`), 'items').map((event) => field(event, 'reason'));
  assert.ok(events.includes('Started'), `events: ${events.join(', ')}`);
  const logs = new URLSearchParams({
    namespace,
    podName: String(field(pod, 'name')),
    container: service,
    follow: 'false',
  });
  assert.match(await page.text(`/logs?${logs}`), /"content":"[^"]/);
  // What is made is shown, and not taken for something that git should have.
  const managed = listField(await page.read('/managed-resources'), 'items').map((item) => field(item, 'kind'));
  assert.ok(!managed.includes('Pod') && !managed.includes('ReplicaSet'), managed.join(', '));
  say('events and logs of its pods can be read');
}

/** What becomes of the UI's Rollback, and of auto-sync that is switched off. */
async function putsAutoSyncBack(page: ApplicationPage, scratch: Scratch, checkout: ProcessOptions): Promise<void> {
  const before = listField(await page.refreshed(), 'status', 'history').at(-1);
  const settings = await lookedAt(scratch, (await loadSettings(scratch.directory)).repository);
  await settle(scratch, checkout, settings, web(3), 'production');
  const second = await scratch.push();
  await page.refreshed();
  await page.until(`rolled out at ${second}`, isRolledOut(second), 60_000);
  const answer = await page.rollBack(Number(field(before, 'id')));
  say(`Rollback in the UI is answered with ${answer.status}: ${answer.status === 200 ? 'accepted' : answer.text}`);
  const backMs = await page.until('synced by itself again', isAutomated, 30_000);
  say(`the root put auto-sync back after ${backMs} ms`);
  if (answer.status === 200) await requireUndone(page, field(before, 'revision'), second);

  for (const [what, edit] of Object.entries(switches)) {
    await page.change(edit);
    say(`${what}: put back after ${await page.until('as git has it', isAutomated, 30_000)} ms`);
  }
}

/** A Rollback that was accepted applies the old commit, and self-heal brings main back after it. */
async function requireUndone(page: ApplicationPage, old: unknown, main: string): Promise<void> {
  const wasApplied = (application: unknown): boolean => {
    const history = listField(application, 'status', 'history');
    return history.length > 2 && field(history.at(-1), 'revision') === old;
  };
  const appliedMs = await page.until('rolled back', wasApplied, 60_000);
  const isBack = isRolledOut(main);
  const healedMs = await page.until(
    `back at ${main}`,
    (application) =>
      isBack(application) && field(application, 'status', 'operationState', 'syncResult', 'revision') === main,
    60_000,
  );
  say(`the old commit was applied ${appliedMs} ms later, and main was back and healthy ${healedMs} ms after that`);
}

function isAutomated(application: unknown): boolean {
  const automated = field(application, 'spec', 'syncPolicy', 'automated');
  const skips = field(application, 'metadata', 'annotations', 'argocd.argoproj.io/skip-reconcile') === 'true';
  return !skips && field(automated, 'enabled') === true && field(automated, 'selfHeal') === true;
}

function web(replicas: number): WebService {
  return { namespace, replicas, exposure: 'cluster-ip', collectors: [] };
}

async function lookedAt(scratch: Scratch, repository: string): Promise<Settings> {
  const settings = await loadSettings(scratch.directory);
  const services = [{ name: service, image: `${registry}/${service}` }];
  return labSettings(settings, { repository, services, environments: [{ name: 'staging' }] });
}
