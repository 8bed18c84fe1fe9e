import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { run } from 'zerodrop/rehearse';
import { projectOf } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import known from '../../apps/validation/schema/definitions.json' with { type: 'json' };
import type { WebService } from '../../apps/workload/schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { field, listField } from './field.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { serveRepository } from './repository.ts';
import { openCluster } from './rules/cluster.ts';
import type { Manifest } from './rules/manifest.ts';

// Installs the definitions that synth validates by, renders a service of each exposure in two environments, and asks a real API server to
// take every object strictly, and a real Argo CD whether a difference stays. Removes all of it at the end. .ci/lab-definitions starts it.

const { definitions } = known;
const name = 'expose';
const services: Readonly<Record<string, WebService>> = {
  gateway: {
    exposure: 'gateway',
    securityPolicy: 'shield',
    in: { here: { hosts: ['here.example.com'] }, far: { hosts: ['far.example.com', 'away.example.com'] } },
  },
  shared: {
    exposure: 'gateway',
    path: '/shared',
    in: { here: { hosts: ['here.example.com'] }, far: { hosts: ['far.example.com'] } },
  },
  balancer: { exposure: 'load-balancer', sourceRanges: ['203.0.113.0/24'] },
  inside: { exposure: 'cluster-ip', endpointLagSeconds: 30 },
  port: { exposure: 'node-port', externalTrafficPolicy: 'Local' },
};
const google = { project: 'example-project', region: 'europe-west1', network: { proxies: '10.11.0.0/23' } };

function settingsWith(repository: string): Settings {
  return {
    repository,
    services: Object.keys(services).map((service) => ({ name: `${name}-${service}`, image: 'example.com/none' })),
    environments: [{ name: 'here' }, { name: 'far', gateway: 'regional' }],
    clusters: [{ name: 'main', google }],
  };
}

const image = `127.0.0.1:5000/none:v1@sha256:${'0'.repeat(64)}`;
const isNamespace = ({ kind }: Manifest): boolean => kind === 'Namespace';
const isArgo = ({ apiVersion }: Manifest): boolean => apiVersion.startsWith('argoproj.io/');
const withinMs = 120_000;

await perform(async () => {
  const work = mkdtempSync(path.join(tmpdir(), 'zerodrop-definitions-'));
  takeDowns.push(async () => rmSync(work, { recursive: true, force: true }));
  const lasting = { directory: work, environment: process.env, signal: new AbortController().signal };
  const kubectl = (...args: readonly string[]): Promise<string> => run(lasting, 'kubectl', ...args);
  const cluster = await openCluster();
  takeDowns.push(async () => cluster.close());

  const there = new Set((await kubectl('get', 'crd', '--output', 'name')).split('\n'));
  const own = definitions.filter(
    ({ metadata }) => !there.has(`customresourcedefinition.apiextensions.k8s.io/${metadata.name}`),
  );
  const file = path.join(work, 'definitions.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: own }));
  takeDowns.push(async () => void (await kubectl('delete', '--ignore-not-found', '--filename', file)));
  if (own.length > 0) {
    await kubectl('apply', '--server-side', '--filename', file);
    await kubectl('wait', '--for=condition=Established', '--timeout=60s', '--filename', file);
  }
  say(`${definitions.length} definitions are there, ${own.length} of them installed now`);

  const served = await serveRepository(path.join(work, 'served'), name, signal);
  takeDowns.push(async () => served.close());
  const settings = settingsWith(served.url);
  const common = { kind: 'web', replicas: 2, cpu: '10m', memory: '64Mi' };
  const given = new Map(Object.entries(services).map(([key, value]) => [`${name}-${key}`, { ...common, ...value }]));
  const project = projectOf(settings, given);
  const pins = new Map(project.targets.map((target) => [target.path, { image, source: 'a'.repeat(40) }]));
  const files = render(project, pins);
  const objects = [...files.values()].flatMap((text) =>
    parseAllDocuments(text).map((document): Manifest => document.toJS()),
  );
  const [namespaces, argo] = [objects.filter(isNamespace), objects.filter(isArgo)];
  takeDowns.push(async () => {
    const gone = ['--ignore-not-found', '--wait=true', '--timeout=120s'];
    for (const object of argo) await cluster.remove(object);
    await kubectl('delete', 'namespace', ...gone, ...namespaces.map(({ metadata }) => metadata.name));
  });
  for (const object of namespaces) assert.equal((await cluster.apply(object)).message, null);

  const refused: string[] = [];
  for (const object of objects) {
    const answer = await cluster.apply(object, 'strictly');
    if (answer.message !== null) refused.push(`${object.kind} ${object.metadata.name}: ${answer.message}`);
  }
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  say(`${objects.length - refused.length} of ${objects.length} objects are taken strictly: ${kinds.join(', ')}`);
  assert.deepEqual(refused, []);

  for (const [place, text] of files) {
    mkdirSync(path.dirname(path.join(served.directory, place)), { recursive: true });
    writeFileSync(path.join(served.directory, place), text);
  }
  const revision = await served.push();
  const order = ['AppProject', 'Application'];
  for (const kind of order)
    for (const object of argo.filter((one) => one.kind === kind))
      assert.equal((await cluster.apply(object)).message, null);
  const applications = argo.filter(({ kind }) => kind === 'Application');
  const stateOf = async (object: Manifest): Promise<unknown> => (await cluster.get(object)).body;
  const isSynced = (seen: unknown): boolean =>
    field(seen, 'status', 'sync', 'status') === 'Synced' &&
    field(seen, 'status', 'sync', 'revision') === revision &&
    field(seen, 'status', 'operationState', 'phase') === 'Succeeded';
  const until = Date.now() + withinMs;
  for (const object of applications) {
    while (!isSynced(await stateOf(object))) {
      if (Date.now() > until) assert.fail(`${object.metadata.name}: ${describe(await stateOf(object))}`);
      await pause(1_000, undefined, { signal });
    }
  }
  say(`${applications.length} applications are synced`);
  const syncs = async (): Promise<unknown[]> =>
    Promise.all(
      applications.map(async (object) => field(await stateOf(object), 'status', 'operationState', 'startedAt')),
    );
  const before = await syncs();
  for (let look = 0; look < 3; look += 1) {
    for (const object of applications)
      await cluster.merge(object, { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } });
    await pause(5_000, undefined, { signal });
    for (const object of applications) {
      const seen = await stateOf(object);
      assert.ok(isSynced(seen), `${object.metadata.name}: ${describe(seen)}`);
    }
  }
  assert.deepEqual(await syncs(), before);
  say('Argo CD sees no difference after three hard refreshes, and has synced nothing again');
});

/** What Argo CD says of an application that is not synced. */
function describe(application: unknown): string {
  const different = listField(application, 'status', 'resources')
    .filter((one) => field(one, 'status') !== 'Synced')
    .map((one) => `${String(field(one, 'kind'))}/${String(field(one, 'name'))}`);
  const message = field(application, 'status', 'operationState', 'message');
  const conditions = JSON.stringify(field(application, 'status', 'conditions') ?? []);
  return [field(application, 'status', 'sync', 'status'), different.join(', '), message, conditions].join('; ');
}
