import { expect, test } from 'vitest';
import { follow, type History } from '../../../release/verify/follow.ts';
import type { Standing } from '../../../rollout/standing.ts';
import { makeWatch, type Watch } from '../../../rollout/watch.ts';
import { application, deployment, expecting, hash, pod, rolledOut } from './sample.ts';

/** Commits in the order of their letters. */
const history: History = {
  lineage: async (awaited, found) => (found > awaited ? 'later' : 'earlier'),
  expectedAt: async (commit) =>
    commit === hash('z') ? null : expecting(commit, commit === hash('c') ? '1.2.5' : '1.2.4'),
};

function watching(): Watch {
  return makeWatch(new AbortController().signal);
}

function show(watch: Watch, { application: seen, deployment: rolled, pods }: Standing): void {
  const at = Date.now();
  if (rolled !== null) watch.see({ kind: 'deployment', ...rolled, at });
  watch.see({ kind: 'pods', pods, at });
  if (seen !== null) watch.see({ kind: 'application', ...seen, at });
}

const at = (commit: string): Standing => ({ ...rolledOut, application: { ...application, revision: commit } });
const failing: Standing = {
  application: { ...application, health: 'Progressing' },
  deployment: { ...deployment, ready: 0, available: 0 },
  pods: [pod('1.2.4', 'failed')],
};

test('ends when the commit is rolled out', async () => {
  const watch = watching();
  const followed = follow(watch, expecting(hash('b')), history, null, Infinity);
  show(watch, at(hash('a')));
  show(watch, at(hash('b')));
  expect(await followed).toEqual({ kind: 'rolled-out', expected: expecting(hash('b')), isSuperseded: false });
});

test('ends at once when a pod fails', async () => {
  const watch = watching();
  show(watch, failing);
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('Pod web-1.2.4-failed of'),
  });
});

test('follows a later commit that brings the same in its place', async () => {
  const watch = watching();
  show(watch, at(hash('b')));
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toEqual({
    kind: 'rolled-out',
    expected: expecting(hash('b')),
    isSuperseded: false,
  });
});

test('says that a later commit which brings something else has taken its place', async () => {
  const watch = watching();
  const next = expecting(hash('c'), '1.2.5');
  show(watch, {
    application: { ...application, revision: next.commit },
    deployment: { ...deployment, image: next.image },
    pods: [pod('1.2.5', 'ready')],
  });
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toEqual({
    kind: 'rolled-out',
    expected: next,
    isSuperseded: true,
  });
});

test('says that a later commit takes the service away', async () => {
  const watch = watching();
  show(watch, at(hash('z')));
  expect(await follow(watch, expecting(hash('a')), history, null, Infinity)).toMatchObject({
    kind: 'failed',
    reason: 'Commit zzzzzzz came after it and takes the service away.',
  });
});

test('says where it stands when the time is over', async () => {
  const watch = watching();
  show(watch, { ...at(hash('a')), application: { ...application, revision: hash('a'), sync: 'OutOfSync' } });
  expect(await follow(watch, expecting(hash('b')), history, 50, Infinity)).toMatchObject({
    kind: 'failed',
    reason: 'Commit bbbbbbb is still not rolled out: OutOfSync at aaaaaaa, Healthy, 1 updated and 1 available of 1.',
  });
  expect(await follow(watching(), expecting(hash('b')), history, 10, Infinity)).toMatchObject({
    reason: 'Its Application was not to be seen. Is it in argocd/, and does the root application follow that folder?',
  });
});

test('gives later commits no time beyond the last moment', async () => {
  const watch = watching();
  show(watch, at(hash('c')));
  expect(await follow(watch, expecting(hash('a')), history, null, Date.now() + 250)).toMatchObject({
    kind: 'failed',
    isSuperseded: true,
    reason: expect.stringContaining('Commit ccccccc is still not rolled out'),
  });
});

test("waits whether Argo CD's word is meant, and takes it when the time is over", async () => {
  const conditions = [{ type: 'ComparisonError', message: 'git is away' }];
  const refused = { ...at(hash('a')), application: { ...application, sync: 'Unknown' as const, conditions } };
  const watch = watching();
  show(watch, refused);
  const followed = follow(watch, expecting(hash('a')), history, null, Infinity);
  setImmediate(() => show(watch, at(hash('a'))));
  expect(await followed).toMatchObject({ kind: 'rolled-out' });
  show(watch, refused);
  expect(await follow(watch, expecting(hash('a')), history, 50, Infinity)).toMatchObject({
    kind: 'failed',
    reason: 'Argo CD says ComparisonError: git is away',
  });
});
