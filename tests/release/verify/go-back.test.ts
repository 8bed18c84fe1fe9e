import { expect, test } from 'vitest';
import { Interrupted } from 'zerodrop/errors';
import { expecting, imageOf } from 'zerodrop/tests/verify/sample.ts';
import type { Attempt, Ending, Expected } from 'zerodrop/verify';
import { machineClock } from '../../../release/publish/race.ts';
import {
  type Failure,
  goBack,
  readTarget,
  reasonToLeave,
  releaseOf,
  rollReleaseBack,
} from '../../../release/verify/go-back.ts';
import { remoteOf, surroundings } from '../remote.ts';
import { emptyRepository, type Repository } from '../repository.ts';
import { commitAll, commitPinned } from './releases.ts';
import { verifiedTarget } from './verified.ts';

async function expectedAt({ directory }: Repository, commit: string): Promise<Expected> {
  const expected = await readTarget(directory, 'staging/web', commit);
  if (expected === null) throw new Error('Nothing runs there.');
  return expected;
}

function failed(expected: Expected, other: Partial<Ending & Attempt> = {}): Attempt {
  const ending = { kind: 'failed', expected, isSuperseded: false, isUnderWay: false, reason: 'A pod fails.' } as const;
  return { ending: { ...ending, ...other }, objection: null, tookMs: 1, ...other };
}

/** What is brought back comes. */
async function again(expected: Expected): Promise<Attempt> {
  return { ending: { kind: 'rolled-out', expected, isSuperseded: false }, objection: null, tookMs: 1 };
}

test('takes a named release back, tells it, and follows what ran before', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3');
  const last = commitPinned(origin, '1.2.4');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  const expected = await expectedAt(clone, last);
  const told: string[] = [];
  const tell = (line: string): void => void told.push(line);
  const wanted = { ...verifiedTarget(clone.directory, { autoRollback: true }), expected, tell };
  const { taken, back } = await goBack(wanted, failed(expected), again);
  const commit = remote.git('rev-parse', 'main');
  expect(taken).toEqual({ kind: 'rolled-back', commit, from: '1.2.4', to: '1.2.3' });
  expect(told).toEqual([`rolled back from 1.2.4 to 1.2.3 by ${commit.slice(0, 7)}`]);
  expect(back).toMatchObject({ ending: { kind: 'rolled-out', expected: { commit, image: imageOf('1.2.3') } } });
});

test('has nothing to follow where the former release has another Deployment', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3', { name: 'site' });
  const annotations = { 'zerodrop.dev/allow.name-changed': 'nobody asks for it yet' };
  const last = commitPinned(origin, '1.2.4', { annotations });
  const clone = remoteOf(origin).clone();
  const expected = await expectedAt(clone, last);
  const wanted = { ...verifiedTarget(clone.directory, { autoRollback: true }), expected };
  expect(await goBack(wanted, failed(expected), again)).toMatchObject({
    taken: { kind: 'rolled-back' },
    back: null,
  });
});

const silent = { kind: 'silent', says: 'Nothing answers.' } as const;

test('leaves what is not to be rolled back automatically, and says why', async () => {
  const origin = emptyRepository();
  origin.write('manifests/staging/web/web.yaml', '{}');
  const bare = commitAll(origin, 'Begin');
  const release = commitPinned(origin, '1.2.4');
  const expected = await expectedAt(origin, release);
  const willing = verifiedTarget(origin.directory, { autoRollback: true }, { remote: '.' });
  const left = async (attempted: Attempt, wanted: Partial<typeof willing> = {}): Promise<string> => {
    const { taken, back } = await goBack({ ...willing, expected, ...wanted }, attempted, again);
    expect(back).toBeNull();
    return taken.kind === 'left' ? taken.because : 'It was taken back.';
  };
  const { target } = verifiedTarget(origin.directory);
  expect(await left(failed(expected), { target })).toMatch('settings.ts does not set autoRollback for staging.');
  expect(await left(failed(expected), { isNamed: false })).toMatch('It may have run for a long time');
  expect(await left(failed(expected, { isSuperseded: true }))).toMatch('A later commit failed');
  expect(await left(failed(expected, { isUnderWay: true }))).toMatch('The rollout was still making progress');
  expect(await left(failed(expected, { objection: silent }))).toMatch('Clients could not reach another version');
  const wrong = { kind: 'wrong', says: 'It answers HTTP 500.' } as const;
  expect(await left(failed(expected, { objection: wrong }))).toMatch('1.2.4 is the first release of staging');
  // A rollout that completed is not under way, whatever its endpoint answers.
  const ending = { kind: 'rolled-out', expected, isSuperseded: false } as const;
  expect(await left({ ending, objection: silent, tookMs: 1 })).toMatch('Clients could not reach another version');

  // The release is what was asked for, also where a later commit is verified that left everything as it was.
  const explained = await expectedAt(origin, commitAll(origin, 'Explain it'));
  expect(await left(failed(explained), { expected: explained })).toMatch(`git revert ${release}`);

  const configuration = 'A change of configuration failed, not a release.';
  const nothingPinned = { ...expecting(bare), manifests: null };
  expect(await left(failed(nothingPinned), { expected: nothingPinned })).toMatch(configuration);
  origin.write('manifests/staging/web/more.yaml', '{}');
  const changed = await expectedAt(origin, commitAll(origin, 'Configure it'));
  expect(await left(failed(changed), { expected: changed })).toMatch(`${configuration} To undo it: git revert `);
});

function commitFile(repository: Repository, path: string, text: string): string {
  repository.write(path, text);
  return commitAll(repository, text);
}

test('finds the commit that released what runs', async () => {
  const repository = emptyRepository();
  const begin = commitFile(repository, 'manifests/staging/web/web.yaml', 'one');
  const released = commitFile(repository, 'apps/images/staging/web.json', '{}');
  const last = commitFile(repository, 'manifests/staging/web/web.yaml', 'two');
  expect(await releaseOf(repository.directory, 'staging/web', begin)).toBeNull();
  expect(await releaseOf(repository.directory, 'staging/web', last)).toBe(released);
});

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
  expect(await rollReleaseBack({ environment: 'staging' }, first, surroundings(clone))).toEqual({
    kind: 'left',
    because: expect.stringContaining('1.2.4 was released on top of it'),
  });
  const taken = await rollReleaseBack({ environment: 'staging' }, last, surroundings(clone));
  const commit = remote.git('rev-parse', 'main');
  expect(taken).toEqual({ kind: 'rolled-back', commit, from: '1.2.4', to: '1.2.3' });
  expect(remote.git('rev-parse', 'main^')).toBe(last);
  expect(await rollReleaseBack({ environment: 'staging' }, last, surroundings(clone))).toEqual({
    kind: 'left',
    because: 'It was rolled back already.',
  });
  expect(await rollReleaseBack({ environment: 'staging' }, commit, surroundings(clone))).toEqual({
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
  const taken = await rollReleaseBack({ environment: 'staging' }, last, surroundings(origin, { remote: '.' }));
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
  await expect(rollReleaseBack({ environment: 'staging' }, 'a'.repeat(40), interrupted)).rejects.toThrow(Interrupted);
  const broken = surroundings(origin, { remote: '.', clock: { ...machineClock, nowMs: noClock } });
  await expect(rollReleaseBack({ environment: 'staging' }, 'a'.repeat(40), broken)).rejects.toThrow('no clock');
});

const failure: Failure = {
  environment: 'staging',
  commit: 'a'.repeat(40),
  isNamed: true,
  isSuperseded: false,
  isSilent: false,
  isLossyBefore: false,
  isLate: false,
  isUnderWay: false,
  isRelease: true,
  autoRollback: true,
};

test('rolls back a named release that fails', () => {
  expect(reasonToLeave(failure)).toBeNull();
});

test.each([
  [
    { autoRollback: false },
    'settings.ts does not set autoRollback for staging. To roll back: npm run release -- rollback --environment staging',
  ],
  [
    { isNamed: false },
    'It may have run for a long time: only a release named by --commit is rolled back automatically.',
  ],
  [{ isSuperseded: true }, 'The run that verifies that commit decides about it.'],
  [{ isLossyBefore: true }, 'Requests were lost before its first pod was there, too.'],
  [{ isLate: true }, 'It is rolled out, and a revert would take as long.'],
  [{ isSilent: true }, 'Clients could not reach another version either.'],
  [{ isUnderWay: true }, 'The rollout was still making progress and may complete.'],
])('leaves %j to a person', (change, reason) => {
  expect(reasonToLeave({ ...failure, ...change })).toContain(reason);
});

test('leaves a change of configuration to a person, and names the commit', () => {
  expect(reasonToLeave({ ...failure, isRelease: false })).toBe(
    'A change of configuration failed, not a release. To undo it: git revert aaaaaaaaaaaa',
  );
});
