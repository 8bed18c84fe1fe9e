import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyCluster, type TestCluster } from 'zerodrop/tests/rollout/kubernetes/empty-cluster.ts';
import { release } from '../../../release/release.ts';
import { rollBack } from '../../../release/rollback/rollback.ts';
import { readExpected } from '../../../release/verify/expected.ts';
import type { Verification } from '../../../release/verify/verification.ts';
import { verify } from '../../../release/verify/verify.ts';
import { verifiedReport } from '../../../release/verify/words.ts';
import { environment, settings } from '../../settings/sample.ts';
import { type Remote, remoteOf, surroundings } from '../remote.ts';
import { renderedRepository, type Repository } from '../repository.ts';
import { imageOf } from './sample.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const followed = { namespace: 'web-staging', service: 'web', application: 'web-staging', argoNamespace: 'argocd' };
const paths = {
  applications: '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications',
  deployments: '/apis/apps/v1/namespaces/web-staging/deployments',
  pods: '/api/v1/namespaces/web-staging/pods',
  replicaSets: '/apis/apps/v1/namespaces/web-staging/replicasets',
};

let clock: NodeJS.Timeout;

/** Our clock goes 25 times as fast: what fails has to persist for 20 s. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  clock = setInterval(() => vi.setSystemTime(Date.now() + 2_500), 100);
});

afterEach(() => {
  clearInterval(clock);
  vi.useRealTimers();
});

/** A clone in which 1.2.3 was released and then 1.2.4, and its remote. */
async function released(): Promise<{ readonly clone: Repository; readonly remote: Remote }> {
  const remote = remoteOf(renderedRepository());
  const clone = remote.clone();
  for (const tag of ['1.2.3', '1.2.4']) {
    clone.commit(`Source of ${tag}`);
    const source = clone.git('rev-parse', 'HEAD');
    const image = { repository: settings.image, tag, digest };
    await release({ environment: 'staging', image, source, allowance: null, directory: clone.directory }, { settings });
  }
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  return { clone, remote };
}

/** Rolls out what the remote's main says whenever it is asked for a refresh, but for an image that crashes. */
function rollOut(cluster: TestCluster, remote: Remote, crashing: string): void {
  cluster.onRefresh(() => {
    const revision = remote.git('rev-parse', 'main');
    const [image = ''] = /\S+@sha256:\S+/.exec(remote.git('show', `${revision}:manifests/staging/web.yaml`)) ?? [];
    const isGood = !image.includes(`:${crashing}@`);
    const containers = [{ name: 'web', image }];
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s' };
    const pod = {
      metadata: { name: 'web-1', ownerReferences: [{ kind: 'ReplicaSet', name: 'web-a' }] },
      spec: { containers },
      status: isGood
        ? { conditions: [{ type: 'Ready', status: 'True' }] }
        : { containerStatuses: [{ name: 'web', restartCount: 2, state: { waiting } }] },
    };
    const available = isGood ? 1 : 0;
    const template = { spec: { containers } };
    cluster.put(paths.pods, pod);
    const owned = { name: 'web-a', ownerReferences: [{ uid: 'web' }] };
    cluster.put(paths.replicaSets, { metadata: owned, spec: { template } } as { readonly metadata: typeof owned });
    cluster.put(paths.deployments, {
      metadata: { name: 'web' },
      spec: { replicas: 1, template },
      status: { replicas: 1, updatedReplicas: 1, readyReplicas: available, availableReplicas: available },
    } as { readonly metadata: { readonly name: string } });
    cluster.put(paths.applications, {
      metadata: { name: 'web-staging' },
      status: { sync: { status: 'Synced', revision }, health: { status: isGood ? 'Healthy' : 'Progressing' } },
    } as { readonly metadata: { readonly name: string } });
  });
}

async function verification(clone: Repository, { cluster }: TestCluster, autoRollback: boolean): Promise<Verification> {
  const expected = await readExpected(clone.directory, 'staging', 'web', clone.git('rev-parse', 'HEAD'));
  if (expected === null) throw new Error('Nothing is released.');
  return {
    environment: 'staging',
    settings: { ...environment, namespace: 'web-staging', autoRollback },
    followed,
    expected,
    isNamed: true,
    withinMs: null,
    cluster,
    surroundings: surroundings(clone),
    tell: () => undefined,
  };
}

test('ends when what is expected runs', async () => {
  const { clone, remote } = await released();
  const cluster = await emptyCluster();
  rollOut(cluster, remote, 'none');
  const verified = await verify(await verification(clone, cluster, true));
  expect(verified).toMatchObject({ kind: 'rolled-out', expected: { image: imageOf('1.2.4') }, isSuperseded: false });
});

test('says why a release fails, that logs may not be read, and that nothing was taken back', async () => {
  const { clone, remote } = await released();
  const cluster = await emptyCluster();
  rollOut(cluster, remote, '1.2.4');
  cluster.logs(403, 'forbidden');
  const tip = remote.git('rev-parse', 'main');
  const { stderr, exitCode } = verifiedReport('staging', null, await verify(await verification(clone, cluster, false)));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Pod web-1, container web: CrashLoopBackOff after 2 restarts: back-off 10s\n');
  expect(stderr).toContain('Warning: this identity may not read the logs of web-staging');
  expect(stderr).toContain('Not rolled back. settings.ts does not set autoRollback for staging.');
  expect(remote.git('rev-parse', 'main')).toBe(tip);
});

test('leaves a rollback that fails to a person, and does not say that somebody has taken it back', async () => {
  const { clone, remote } = await released();
  await rollBack({ environment: 'staging', release: null, allowance: null }, surroundings(clone));
  clone.git('pull', '--quiet', 'origin', 'main');
  const cluster = await emptyCluster();
  rollOut(cluster, remote, '1.2.3');
  const tip = remote.git('rev-parse', 'main');
  const { stderr } = verifiedReport('staging', null, await verify(await verification(clone, cluster, true)));
  expect(stderr).toContain(`Not rolled back. ${tip} is no release: it rolled back to 1.2.3. To go further back: `);
  expect(remote.git('rev-parse', 'main')).toBe(tip);
});

test('takes a release back that fails, and waits until what ran before is back', async () => {
  const { clone, remote } = await released();
  const cluster = await emptyCluster();
  rollOut(cluster, remote, '1.2.4');
  cluster.logs(200, 'The disk is full.\n');
  const state = clone.state();
  const { stderr, exitCode } = verifiedReport('staging', null, await verify(await verification(clone, cluster, true)));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Last lines of web-1:\n  The disk is full.\n');
  expect(stderr).toContain(`Rolled back from 1.2.4 to 1.2.3: ${remote.git('rev-parse', 'main')} reverts it.\n1.2.3 (`);
  expect(stderr).toContain(' runs again after ');
  expect(remote.git('log', '-1', '--format=%s', 'main')).toBe('Revert "Release web 1.2.4 to staging"');
  expect(clone.state()).toBe(state);
});
