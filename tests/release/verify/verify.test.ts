import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OperationError } from 'zerodrop/errors';
import { emptyCluster } from 'zerodrop/tests/rollout/kubernetes/empty-cluster.ts';
import { crash, sync } from 'zerodrop/tests/verify/rollouts.ts';
import { hash, imageOf } from 'zerodrop/tests/verify/sample.ts';
import { readTarget } from '../../../release/verify/go-back.ts';
import { verificationOf, verifiedReport, verifyTarget } from '../../../release/verify/verify.ts';
import { remoteOf } from '../remote.ts';
import { emptyRepository } from '../repository.ts';
import { commitAll, commitPinned } from './releases.ts';
import { verifiedTarget } from './verified.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('takes a release back that fails, and waits until what ran before is back', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3');
  const commit = commitPinned(origin, '1.2.4');
  const expected = await readTarget(origin.directory, 'staging/web', commit);
  if (expected === null) throw new Error('Nothing is released.');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  const state = clone.state();
  const cluster = await emptyCluster();
  cluster.onRefresh(() => sync(cluster, commit, '1.2.4', false));
  cluster.logs(200, 'The disk is full.\n');
  const persist = crash(cluster, '1.2.4');
  const tell = (line: string): void => {
    if (line.startsWith('rolled back')) sync(cluster, remote.git('rev-parse', 'main'), '1.2.3', true);
    persist(line);
  };
  const wanted = { ...verifiedTarget(clone.directory, { autoRollback: true }), expected, tell };
  const verified = await verifyTarget('test', wanted);
  const { stderr, exitCode } = verifiedReport('staging', null, verified);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Last lines of web-1:\n  The disk is full.\n');
  expect(stderr).toContain(`Rolled back from 1.2.4 to 1.2.3: ${remote.git('rev-parse', 'main')} reverts it.\n1.2.3 (`);
  expect(stderr).toContain(' runs again after ');
  expect(remote.git('log', '-1', '--format=%s', 'main')).toBe('Revert "Release web 1.2.4 to staging"');
  expect(clone.state()).toBe(state);
});

test('ends in a sentence where the kubeconfig has no such context', async () => {
  await emptyCluster();
  const verified = verifyTarget('other', verifiedTarget('.'));
  await expect(verified).rejects.toThrow(OperationError);
  await expect(verified).rejects.toThrow('The kubeconfig has no context other. It has test.');
});

test('knows later commits by what the history says of them', async () => {
  const repository = emptyRepository();
  const first = commitPinned(repository, '1.2.4');
  repository.write('README.md', 'something else');
  const second = commitAll(repository, 'Explain it');
  const third = commitPinned(repository, '1.2.5', { source: hash('6') });
  const { history } = verificationOf(verifiedTarget(repository.directory));
  expect(await history.lineage(first, second)).toBe('later');
  expect(await history.lineage(third, second)).toBe('earlier');
  expect(await history.manifestsAt(second)).toBe(await history.manifestsAt(first));
  expect(await history.manifestsAt(third)).not.toBe(await history.manifestsAt(first));
  expect(await history.expectedAt(third)).toMatchObject({
    commit: third,
    image: imageOf('1.2.5'),
    version: { tag: '1.2.5', source: hash('6') },
    manifests: await history.manifestsAt(third),
  });
});
