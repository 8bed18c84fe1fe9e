import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as webernetes from '@ngrok/webernetes';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare, type LiveObjects } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { liveObjects } from '../../../../src/rehearse/embedded/control-plane/objects.ts';
import { identity, type Manifest } from '../../../../src/rehearse/manifests/object.ts';
import { deployment, service } from '../tiny-repository.ts';

let folder: string;
let cluster: webernetes.Cluster & { close(): Promise<void> };
let objects: LiveObjects;

const placed = (object: object): Manifest => {
  const manifest = object as Manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace: 'staging' } };
};
const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } };
const wanted = [namespace, placed(service), placed(deployment('tiny:1'))];
const budget = placed({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'tiny' },
  spec: { maxUnavailable: 1 },
});

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  const outfile = path.join(folder, 'webernetes.mjs');
  buildSync({ entryPoints: ['@ngrok/webernetes'], bundle: true, platform: 'node', format: 'esm', outfile });
  const { Cluster: Embedded } = (await import(pathToFileURL(outfile).href)) as typeof webernetes;
  cluster = new Embedded({ nodes: 1 }) as typeof cluster;
  await cluster.init();
  objects = liveObjects(cluster.api, () => 0);
});

afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

async function differences(desired: readonly Manifest[], applied: readonly Manifest[]) {
  const live = await Promise.all(desired.map(async (one) => objects.read(one)));
  const found = live.filter((one) => one !== null).map((one) => [identity(one), one] as const);
  return compare(desired, new Map(applied.map((one) => [identity(one), one])), new Map(found)).changes;
}

test('makes what is wanted, and then finds nothing left to do', async () => {
  expect((await differences(wanted, [])).map(({ patch }) => patch)).toEqual([null, null, null]);
  for (const manifest of wanted) await objects.create(manifest);
  expect(await differences(wanted, wanted)).toEqual([]);
});

test('sees drift, and heals it by a patch that keeps the status', async () => {
  const [, , web] = wanted;
  if (web === undefined) throw new Error('no Deployment');
  await objects.patch(web, { spec: { replicas: 7, template: { spec: { containers: [] } } }, status: { replicas: 1 } });
  const [change] = await differences(wanted, wanted);
  if (change?.patch === undefined || change.patch === null) throw new Error('no drift seen');
  await objects.patch(web, change.patch);
  expect(await differences(wanted, wanted)).toEqual([]);
  expect(await objects.read(web)).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 1 } });
});

test('keeps what it can not run', async () => {
  expect(await objects.read(budget)).toBeNull();
  await objects.create(budget);
  await objects.patch(budget, { spec: { maxUnavailable: 2 } });
  expect(await objects.read(budget)).toMatchObject({ spec: { maxUnavailable: 2 } });
  await objects.remove(budget);
  expect(await objects.read(budget)).toBeNull();
});

test('takes things away, and says why it can not make them', async () => {
  for (const manifest of wanted.toReversed()) await objects.remove(manifest);
  expect(await objects.read(placed(service))).toBeNull();
  const lost = { ...placed(service), metadata: { name: 'tiny', namespace: 'nowhere' } };
  await expect(objects.create(lost)).rejects.toThrow('"nowhere" does not exist');
});
