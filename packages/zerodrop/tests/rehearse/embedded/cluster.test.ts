import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RehearsalCluster } from '../../../src/rehearse/cluster.ts';
import { openEmbeddedCluster } from '../../../src/rehearse/embedded/cluster.ts';
import { getJson } from './get.ts';
import { processesOf } from './processes.ts';
import { makeSeen } from './seen.ts';
import {
  build,
  deployment,
  makeTinyRepository,
  service,
  serviceAccount,
  type TinyRepository,
} from './tiny-repository.ts';

const manifest = 'manifests/staging/tiny.yaml';
const seen = makeSeen();
let repository: TinyRepository;
let target: RehearsalCluster;
let v1: string;
let v2: string;

const publish = async (version: string): Promise<string> =>
  target.publish({ version, revision: 'a'.repeat(40), startupMs: 100 });

const rolledOut = async (commit: string, image: string): Promise<void> => {
  await seen.until(
    'application',
    ({ revision, sync, health }) => revision === commit && sync === 'Synced' && health === 'Healthy',
  );
  await seen.until('deployment', (state) => state.image === image && state.settled);
  await seen.until('pods', ({ pods }) => pods.every((pod) => pod.image === image && pod.state === 'ready'));
};

const answer = async (): Promise<unknown> => getJson(await target.url());

beforeAll(async () => {
  repository = makeTinyRepository();
  target = await openEmbeddedCluster({
    directory: repository.directory,
    remote: repository.remote,
    applications: 'argocd',
    application: 'tiny-staging',
    build,
    validate: () => [],
    image: 'registry.test/team/tiny',
    workDirectory: repository.folder,
    endpointLagMs: 0,
    observe: seen.observe,
  });
  v1 = await publish('v1');
});

afterAll(async () => {
  await target.close();
  repository.dispose();
});

test('resets connections while nothing is behind the service', async () => {
  await expect(answer()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('pins what it publishes by the digest of its bytes', async () => {
  expect(v1).toMatch(/^registry\.test\/team\/tiny:v1@sha256:[0-9a-f]{64}$/);
  await expect(publish('v1')).resolves.toBe(v1);
});

test('rolls out what is pushed, and then the next version', async () => {
  repository.write(manifest, service, serviceAccount('tiny'), deployment(v1));
  const first = repository.push();
  await target.follow();
  await rolledOut(first, v1);
  expect(seen.last('not-run')).toMatchObject({ object: 'ServiceAccount/tiny' });
  const [pod] = seen.last('endpoints')?.ready ?? [];
  expect(pod).toMatch(/^tiny-/);
  expect(await answer()).toMatchObject({ version: 'v1' });

  const before = seen.all.length;
  v2 = await publish('v2');
  repository.write(manifest, service, serviceAccount('tiny'), deployment(v2));
  const second = repository.push();
  await target.refresh();
  await rolledOut(second, v2);
  expect(await answer()).toMatchObject({ version: 'v2' });
  const rollout = seen.all.slice(before).flatMap((observed) => (observed.kind === 'pods' ? [observed.pods] : []));
  expect(Math.min(...rollout.map((pods) => pods.filter(({ state }) => state === 'ready').length))).toBe(2);
  expect(Math.max(...rollout.map((pods) => pods.filter(({ state }) => state !== 'terminating').length))).toBe(3);
});

test('keeps what an autoscaler decides within its bounds, through a sync', async () => {
  const scaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'tiny' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'tiny' },
      minReplicas: 3,
      maxReplicas: 3,
    },
  };
  const scaled = async (replicas: number): Promise<unknown> =>
    seen.until('deployment', (state) => state.replicas === replicas);
  repository.write(manifest, service, serviceAccount('tiny'), scaler, deployment(v2));
  repository.push();
  await target.refresh();
  await scaled(3);
  // Git says 2, and selfHeal would bring that back.
  repository.write(manifest, service, serviceAccount('tiny'), scaler, deployment(v2, { replicas: undefined }));
  const commit = repository.push();
  await target.refresh();
  await rolledOut(commit, v2);
  await scaled(3);

  await target.scale(9);
  await scaled(9);
  await scaled(3);
  expect(seen.all.flatMap((one) => (one.kind === 'not-run' ? one.object : []))).not.toContain(
    'HorizontalPodAutoscaler/tiny',
  );
  repository.write(manifest, service, serviceAccount('tiny'), deployment(v2));
  await rolledOut(repository.push(), v2);
  await target.scale(2);
  await scaled(2);
});

const budget = (maxUnavailable: number): object => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'tiny' },
  spec: { maxUnavailable, selector: { matchLabels: { 'app.kubernetes.io/name': 'tiny' } } },
});

const budgeted = async (maxUnavailable: number): Promise<void> => {
  repository.write(manifest, service, serviceAccount('tiny'), budget(maxUnavailable), deployment(v2));
  const commit = repository.push();
  await target.refresh();
  await rolledOut(commit, v2);
};

test('evicts a pod where the budget allows it', async () => {
  await budgeted(0);
  const [pod = ''] = seen.last('endpoints')?.ready ?? [];
  expect(await target.disturb.evict?.(pod)).toBe(false);

  await budgeted(1);
  expect(await target.disturb.evict?.(pod)).toBe(true);
  await seen.until(
    'pods',
    ({ pods }) => pods.length === 2 && pods.every(({ name, state }) => name !== pod && state === 'ready'),
  );
  expect(await target.disturb.evict?.(pod)).toBe(true);
});

test('starts a pod again that was killed', async () => {
  const [pod = ''] = seen.last('endpoints')?.ready ?? [];
  await target.disturb.kill?.(pod);
  await seen.until('endpoints', ({ ready }) => !ready.includes(pod));
  await seen.until('endpoints', ({ ready }) => ready.includes(pod));
  expect(seen.last('pods')?.pods.find(({ name }) => name === pod)).toMatchObject({ state: 'ready', restarts: 1 });
});

test('follows git again once the sync agent is back', async () => {
  await target.disturb.outage?.('argo-cd', true);
  repository.write(manifest, service, serviceAccount('tiny'), deployment(v2));
  const commit = repository.push();
  await target.refresh();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(seen.last('application')?.revision).not.toBe(commit);

  await target.disturb.outage?.('argo-cd', false);
  await rolledOut(commit, v2);
});

test('applies nothing of a commit with a kind that the project denies', async () => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'all' } };
  repository.write(manifest, service, serviceAccount('tiny'), role, deployment(v1));
  const commit = repository.push();
  await target.refresh();
  const { message, sync } = await seen.until(
    'application',
    ({ phase, phaseRevision }) => phase === 'Failed' && phaseRevision === commit,
  );
  expect(message).toContain('resource rbac.authorization.k8s.io:ClusterRole is not permitted in project tiny');
  expect(sync).toBe('OutOfSync');
  const { conditions } = await seen.until('application', (status) => status.conditions.length > 0);
  expect(conditions).toMatchObject([{ type: 'SyncError', message: expect.stringContaining(`[${commit}]`) }]);
  expect(seen.last('deployment')).toMatchObject({ image: v2, settled: true });
});

test('explains why an image that nobody published does not roll out, and comes back', async () => {
  repository.write(
    manifest,
    service,
    serviceAccount('tiny'),
    deployment(`registry.test/team/tiny:v3@sha256:${'0'.repeat(64)}`),
  );
  repository.push();
  await target.refresh();
  await seen.until('pods', ({ pods }) => pods.some(({ state }) => state === 'failed'));
  await seen.until('warning', ({ message }) => message.includes('Failed to pull image'));
  expect(await target.explain()).toContain('Failed to pull image "registry.test/team/tiny:v3@sha256:000');
  expect(await answer()).toMatchObject({ version: 'v2' });

  repository.write(manifest, service, serviceAccount('tiny'), deployment(v2));
  await rolledOut(repository.push(), v2);
});

test('drains the pods of a Deployment that left git before it is deleted', async () => {
  repository.write(manifest, service);
  const commit = repository.push();
  await target.refresh();
  await seen.until('pods', ({ pods }) => pods.length === 2 && pods.every(({ state }) => state === 'terminating'));
  await seen.until('pods', ({ pods }) => pods.length === 0);
  await seen.until('application', ({ revision, sync }) => revision === commit && sync === 'Synced');
  await expect(answer()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('takes everything down, more than once', async () => {
  repository.write(manifest, service, deployment(v1));
  repository.push();
  await target.refresh();
  await seen.until('pods', ({ pods }) => pods.some(({ state }) => state === 'starting'));
  await expect.poll(() => processesOf(repository.folder).length, { timeout: 10_000 }).toBeGreaterThan(2);

  await Promise.all([target.close(), target.close()]);
  expect(processesOf(repository.folder)).toEqual([]);
  await expect(target.url()).rejects.toThrow('taken down');
});
