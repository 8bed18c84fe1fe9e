import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyCluster } from 'zerodrop/tests/rollout/kubernetes/empty-cluster.ts';
import { paths, pod, sync } from 'zerodrop/tests/verify/rollouts.ts';
import { endpoint } from 'zerodrop/tests/verify/server.ts';
import { readTarget } from '../../../release/verify/go-back.ts';
import { verifiedReport, verifyTarget } from '../../../release/verify/verify.ts';
import { remoteOf } from '../remote.ts';
import { emptyRepository, temporaryFolder } from '../repository.ts';
import { commitPinned } from './releases.ts';
import { verifiedTarget } from './verified.ts';

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

test('reverts a release whose rollout lost requests, and leaves its receipt', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3');
  const commit = commitPinned(origin, '1.2.4');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  const expected = await readTarget(clone.directory, 'staging/web', commit);
  if (expected === null) throw new Error('Nothing is released.');
  const cluster = await emptyCluster();
  cluster.put(paths.pods, pod('web-1', '1.2.3', ready, 'web-0'));
  cluster.onRefresh(() => sync(cluster, commit, '1.2.4', true));
  // One is lost after the probe of the complete rollout has had its answers.
  const ok = Array.from({ length: 150 }, () => ({ body: '{}' }));
  const { url } = await endpoint(...ok, null, { body: '{}' });
  const tell = (line: string): void => {
    if (!line.startsWith('rolled back')) return;
    cluster.onRefresh(() => undefined);
    sync(cluster, remote.git('rev-parse', 'main'), '1.2.3', true);
  };
  const { target, ...willing } = verifiedTarget(clone.directory, { url });
  const receiptFile = join(temporaryFolder(), 'receipt.json');
  const environment = { name: 'staging', autoRollback: true, receipts: { rate: 20 } };
  const verified = await verifyTarget('test', {
    ...willing,
    target: { ...target, environment },
    expected,
    receiptFile,
    tell,
  });
  const { stderr, exitCode } = verifiedReport('staging', url, verified);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^The rollout of 1\.2\.4 \([0-9a-f]{7}\) to staging lost requests\. 1 of \d+ requests lost \(1 closed\), p50/,
  );
  expect(stderr).toContain('Rolled back from 1.2.4 to 1.2.3: ');
  expect(JSON.parse(readFileSync(receiptFile, 'utf8'))).toMatchObject({
    rollout: 'web-staging',
    environment: 'staging',
    image: expected.image,
    revision: commit,
    url: `${url}/version`,
    rate: 20,
    lost: 1,
    verdict: 'lossy',
  });
});
