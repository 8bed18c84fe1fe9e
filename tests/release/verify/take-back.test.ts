import { expect, test } from 'vitest';
import { Interrupted } from 'zerodrop/errors';
import { machineClock } from '../../../release/publish/clock.ts';
import { takeReleaseBack } from '../../../release/verify/take-back.ts';
import { remoteOf, surroundings } from '../remote.ts';
import { emptyRepository } from '../repository.ts';
import { commitPinned } from './releases.ts';

function claim(name: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: {} });
}

function noClock(): never {
  throw new Error('no clock');
}

test('reverts the release on the remote, names both, and does so once', async () => {
  const origin = emptyRepository();
  const first = commitPinned(origin, '1.2.3');
  const last = commitPinned(origin, '1.2.4');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  expect(await takeReleaseBack({ environment: 'staging' }, first, surroundings(clone))).toEqual({
    kind: 'left',
    because: expect.stringContaining('1.2.4 was released on top of it'),
  });
  const taken = await takeReleaseBack({ environment: 'staging' }, last, surroundings(clone));
  const commit = remote.git('rev-parse', 'main');
  expect(taken).toEqual({ kind: 'taken-back', commit, from: '1.2.4', to: '1.2.3' });
  expect(remote.git('rev-parse', 'main^')).toBe(last);
  expect(await takeReleaseBack({ environment: 'staging' }, last, surroundings(clone))).toEqual({
    kind: 'left',
    because: 'It was rolled back already.',
  });
  expect(await takeReleaseBack({ environment: 'staging' }, commit, surroundings(clone))).toEqual({
    kind: 'left',
    because: expect.stringContaining(`${commit} is no release: it rolled back to 1.2.3. To go further back: `),
  });
  expect(remote.git('rev-parse', 'main')).toBe(commit);
});

test('leaves a release that the guard does not let go, with every reason', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3');
  origin.write('manifests/staging/web/more.yaml', [claim('data'), claim('cache')].join('\n---\n'));
  const last = commitPinned(origin, '1.2.4');
  const taken = await takeReleaseBack({ environment: 'staging' }, last, surroundings(origin, { remote: '.' }));
  expect(taken).toEqual({ kind: 'left', because: expect.stringMatching(/staging.* data.*\n.*staging.* cache/) });
  expect(origin.git('rev-parse', 'main')).toBe(last);
});

test('ends with an interruption, and with a fault of ours, instead of taking it for a reason to leave it', async () => {
  const origin = emptyRepository();
  origin.commit('Begin');
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupting = { ...machineClock, nowMs: () => (interruption.abort(), 0) };
  const interrupted = surroundings(origin, { remote: '.', clock: interrupting, signal });
  await expect(takeReleaseBack({ environment: 'staging' }, 'a'.repeat(40), interrupted)).rejects.toThrow(Interrupted);
  const broken = surroundings(origin, { remote: '.', clock: { ...machineClock, nowMs: noClock } });
  await expect(takeReleaseBack({ environment: 'staging' }, 'a'.repeat(40), broken)).rejects.toThrow('no clock');
});
