import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { repository, scratch } from '../repository.ts';
import { emptyCluster, type TestCluster } from '../rollout/kubernetes/empty-cluster.ts';
import { endpoint } from './server.ts';
import { application, argo, deployment, image, namespace, type Put, run, verify } from './shop.ts';

const digest = `@sha256:${'0'.repeat(64)}`;

/** A pod of a ReplicaSet, which runs an image. */
function pod(cluster: TestCluster, replicaSet: string, of: string): void {
  cluster.put(`/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name: `${replicaSet}-pod`, ownerReferences: [{ kind: 'ReplicaSet', name: replicaSet }] },
    spec: { containers: [{ name: 'main', image: of }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  } as Put);
}

test('sends a load through the rollout, and writes what was lost as a receipt about the image', async () => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4') + digest) });
  const head = clone.git('rev-parse', 'HEAD').trim();
  const cluster = await emptyCluster();
  cluster.put(argo, application('0'.repeat(40)));
  run(cluster, 'frontend', image('1.2.3') + digest);
  pod(cluster, 'frontend-0', image('1.2.3') + digest);
  // The pod that was there becomes one of the new ReplicaSet: the cluster of this test deletes nothing.
  cluster.onRefresh(() => {
    cluster.put(argo, application(head));
    run(cluster, 'frontend', image('1.2.4') + digest);
    cluster.put(`/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: 'frontend-0-pod', ownerReferences: [{ kind: 'ReplicaSet', name: 'frontend-1' }] },
      spec: { containers: [{ name: 'main', image: image('1.2.4') + digest }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    } as Put);
  });
  const { url } = await endpoint({ body: JSON.stringify({ version: '1.2.4' }) });
  const file = join(scratch(), 'receipt.json');
  const args = ['--application', 'shop', '--url', url, '--rate', '5', '--receipt', file, '--json'];
  const { stdout, stderr, exitCode } = await verify(clone.directory, ...args, '--environment', 'shop');
  expect([stderr, exitCode]).toEqual(['', 0]);
  const receipt: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(receipt).toMatchObject({
    rollout: 'shop',
    environment: 'shop',
    image: image('1.2.4') + digest,
    revision: head,
    lost: 0,
    verdict: 'lossless',
  });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'shop', exitCode: 0, rollouts: [{ isRolledOut: true }], receipt });
});

test.each([
  [['--rate', '5'], '--rate needs --url URL'],
  [['--receipt', 'r.json'], '--receipt needs --rate N'],
  [['--rate', '100', '--url', 'http://127.0.0.1:9/'], 'expected from 1 to 20 requests per second'],
  [
    ['--rate', '5', '--url', 'http://127.0.0.1:9/', '--receipt', join(tmpdir(), 'zerodrop-none.json')],
    'about one image by its digest, and the manifests have registry.example.com/frontend:1.2.4. Pin the image',
  ],
])('refuses %j', async (args, sentence) => {
  const clone = repository({ 'rendered/shop/all.yaml': deployment('frontend', image('1.2.4')) });
  const cluster = await emptyCluster();
  cluster.put(argo, application(clone.git('rev-parse', 'HEAD').trim()));
  const refused = verify(clone.directory, '--application', 'shop', ...args);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(sentence);
});
