import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
// node --conditions=zerodrop-source --import tsx tests/real/syncing.ts
// Asks a real Argo CD what it does with the object of each case of packages/zerodrop/tests/guard/argo/reading/syncs.json when the object
// leaves git, when its Application goes, or when a field changes that the API server does not change, and writes the outcome beside the
// case. A test of the guard holds what the guard takes for kept, or for made anew, against that.
import { field, listField } from './field.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { serveRepository } from './repository.ts';
import { openCluster } from './rules/cluster.ts';
import type { Manifest } from './rules/manifest.ts';
import { versionsOf } from './rules/versions.ts';

interface Case {
  readonly name: string;
  readonly change: 'removed' | 'abandoned' | 'edited';
  /** Of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the Application asks of its syncs. */
  readonly options?: readonly string[];
  /** Of the Application, from the change on. */
  readonly applicationAnnotations?: Readonly<Record<string, string>>;
  /** What became of the object. */
  readonly outcome?: string;
}

const file = path.resolve('packages/zerodrop/tests/guard/argo/reading/syncs.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };
const nameOf = (index: number): string => `guard-syncing-${index}`;
const project = 'guard-syncing';
/** Argo CD compares anew on each commit, and a sync of two ConfigMaps takes less than a second. */
const withinMs = 90_000;

await perform(async () => {
  const work = mkdtempSync(path.join(tmpdir(), 'zerodrop-syncing-'));
  takeDowns.push(async () => rmSync(work, { recursive: true, force: true }));
  const served = await serveRepository(work, 'syncing', signal);
  takeDowns.push(async () => served.close());
  const push = async (isChanged: boolean): Promise<string> => {
    for (const [index, one] of cases.entries()) {
      const place = path.join(served.directory, 'cases', String(index));
      mkdirSync(place, { recursive: true });
      const isThere = !isChanged || one.change !== 'removed';
      // Something else changes as well, so that there is a sync in each case.
      const other = { ...configMap(index, 'other'), data: { a: isChanged ? 'new' : 'old' } };
      const objects = [other, ...(isThere ? [objectOf(index, one, isChanged)] : [])];
      writeFileSync(path.join(place, 'all.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    }
    return served.push();
  };
  const cluster = await openCluster();
  takeDowns.push(async () => cluster.close());
  const first = await push(false);
  takeDowns.push(async () => {
    for (const [index, one] of cases.entries()) {
      const application = applicationOf(index, one, served.url, false);
      await cluster.merge(application, { metadata: { finalizers: null } });
      await cluster.remove(application);
      await cluster.remove(namespaceOf(index));
    }
    await cluster.remove(projectOf(served.url));
  });
  await cluster.apply(projectOf(served.url));
  for (const [index, one] of cases.entries()) {
    await cluster.apply(namespaceOf(index));
    await cluster.apply(applicationOf(index, one, served.url, false));
  }
  const idOf = async (index: number, one: Case): Promise<unknown> =>
    field((await cluster.get(objectOf(index, one, false))).body, 'metadata', 'uid');
  const states = async (index: number, one: Case): Promise<unknown> =>
    (await cluster.get(applicationOf(index, one, served.url, false))).body;
  const old: unknown[] = [];
  for (const [index, one] of cases.entries()) {
    await waitFor(`${one.name}: made`, async () => isDone(await states(index, one), first));
    old.push(await idOf(index, one));
    if (old.at(-1) === undefined) throw new Error(`${one.name}: the object was not made.`);
  }
  say(`${cases.length} objects are made`);
  for (const [index, one] of cases.entries()) {
    if (one.applicationAnnotations) await cluster.apply(applicationOf(index, one, served.url, true));
  }
  // A comparison that is under way has not seen the annotations yet.
  await pause(5_000, undefined, { signal });
  const second = await push(true);
  for (const [index, one] of cases.entries()) {
    const application = applicationOf(index, one, served.url, false);
    if (one.change === 'abandoned') await cluster.remove(application);
    else await cluster.merge(application, { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } });
  }
  const results: object[] = [];
  for (const [index, one] of cases.entries()) {
    // Others have been synced by now: what is not followed is not waited for.
    const limitMs = one.applicationAnnotations ? 5_000 : withinMs;
    await waitFor(
      one.name,
      async () => {
        const seen = await states(index, one);
        if (one.change === 'abandoned') return field(seen, 'kind') !== 'Application' || isAsking(seen);
        return isDone(seen, second);
      },
      limitMs,
    );
    // An object with a deletion timestamp goes within a second.
    await pause(500, undefined, { signal });
    const [seen, id] = [await states(index, one), await idOf(index, one)];
    const isSynced = isDone(seen, second) && field(seen, 'status', 'operationState', 'phase') === 'Succeeded';
    const there = one.change === 'edited' ? edited(old[index] === id, isSynced) : 'kept';
    const outcome = isAsking(seen) ? 'asked' : id === undefined ? 'deleted' : there;
    say(`${one.name}: ${outcome} (${resultOf(seen)})`);
    results.push({ ...one, outcome });
  }
  const versions = await versionsOf(cluster);
  writeFileSync(file, `${JSON.stringify({ argoCd: versions.argoCd, cases: results }, null, 2)}\n`);
});

/** Waits until something is so, and says where it is not in time. */
async function waitFor(what: string, isSo: () => Promise<boolean>, limitMs = withinMs): Promise<void> {
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    if (await isSo()) return;
    await pause(500, undefined, { signal });
  }
  say(`not so in time: ${what}`);
}

function edited(isSame: boolean, isSynced: boolean): string {
  if (!isSame) return 'made anew';
  return isSynced ? 'changed' : 'refused';
}

/** True where Argo CD has synced a commit, or asks a person first. */
function isDone(application: unknown, revision: string): boolean {
  const operation = field(application, 'status', 'operationState');
  const isOfRevision = field(operation, 'syncResult', 'revision') === revision;
  const isCompared = field(application, 'status', 'sync', 'revision') === revision;
  const isRunning = field(operation, 'phase') === 'Running';
  if (isOfRevision) return !isRunning || isAsking(application);
  return isCompared && field(application, 'status', 'sync', 'status') === 'Synced' && !isRunning;
}

/** True where Argo CD waits for a person: in a sync that deletes, or before it deletes what a deleted Application has applied. */
function isAsking(application: unknown): boolean {
  const message = String(field(application, 'status', 'operationState', 'message'));
  const resources = listField(application, 'status', 'resources');
  const isDeleted = field(application, 'metadata', 'deletionTimestamp') !== undefined;
  const asks = resources.some((one) => field(one, 'requiresDeletionConfirmation') === true);
  return /waiting for pruning confirmation/i.test(message) || (isDeleted && asks);
}

function resultOf(application: unknown): string {
  const results = listField(application, 'status', 'operationState', 'syncResult', 'resources');
  const own = results.find((one) => field(one, 'name') === 'object');
  return String(field(own, 'message') ?? field(application, 'status', 'operationState', 'message'));
}

function configMap(index: number, name: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: nameOf(index) } };
}

function objectOf(index: number, { change, annotations }: Case, isChanged: boolean): Manifest {
  const object = configMap(index, 'object');
  return {
    ...object,
    metadata: { ...object.metadata, ...(annotations && { annotations }) },
    ...(change === 'edited' && { immutable: true, data: { a: isChanged ? 'new' : 'old' } }),
  };
}

function namespaceOf(index: number): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: nameOf(index) } };
}

function projectOf(repository: string): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: project, namespace: 'argocd' },
    spec: {
      sourceRepos: [repository],
      destinations: [{ server: 'https://kubernetes.default.svc', namespace: `${project}-*` }],
    },
  };
}

function applicationOf(index: number, one: Case, repository: string, isChanged: boolean): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: nameOf(index),
      namespace: 'argocd',
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      ...(isChanged && { annotations: one.applicationAnnotations ?? {} }),
    },
    spec: {
      project,
      destination: { server: 'https://kubernetes.default.svc', namespace: nameOf(index) },
      source: { repoURL: repository, targetRevision: 'main', path: `cases/${index}` },
      syncPolicy: {
        automated: { prune: true },
        retry: { limit: 0 },
        ...(one.options && { syncOptions: one.options }),
      },
    },
  };
}
