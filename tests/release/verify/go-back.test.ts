import { expect, test } from 'vitest';
import { makeWatch, type Watch } from 'zerodrop/rollout';
import type { Attempt } from '../../../release/verify/attempt.ts';
import { type Expected, readExpected } from '../../../release/verify/expected.ts';
import type { Ending } from '../../../release/verify/follow.ts';
import { goBack } from '../../../release/verify/go-back.ts';
import { remoteOf } from '../remote.ts';
import { emptyRepository, type Repository } from '../repository.ts';
import { commitAll, commitPinned } from './releases.ts';
import { expecting, imageOf, running, show } from './sample.ts';
import { verification } from './verification.ts';

function watching(): Watch {
  return makeWatch(new AbortController().signal);
}

async function expectedAt({ directory }: Repository, commit: string): Promise<Expected> {
  const expected = await readExpected(directory, 'staging/web', commit);
  if (expected === null) throw new Error('Nothing runs there.');
  return expected;
}

function failed(expected: Expected, other: Partial<Ending & Attempt> = {}): Attempt {
  const ending = { kind: 'failed', expected, isSuperseded: false, isUnderWay: false, reason: 'A pod fails.' } as const;
  return { ending: { ...ending, ...other }, objection: null, tookMs: 1, ...other };
}

test('takes a named release back, tells it, and follows what ran before', async () => {
  const origin = emptyRepository();
  commitPinned(origin, '1.2.3');
  const last = commitPinned(origin, '1.2.4');
  const remote = remoteOf(origin);
  const clone = remote.clone();
  const expected = await expectedAt(clone, last);
  const watch = watching();
  const told: string[] = [];
  const tell = (line: string): void => {
    told.push(line);
    show(watch, running(remote.git('rev-parse', 'main'), '1.2.3'));
  };
  const wanted = { ...verification(clone.directory, { autoRollback: true }), expected, tell };
  const { taken, back } = await goBack(wanted, failed(expected), watch, Infinity);
  const commit = remote.git('rev-parse', 'main');
  expect(taken).toEqual({ kind: 'taken-back', commit, from: '1.2.4', to: '1.2.3' });
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
  const wanted = { ...verification(clone.directory, { autoRollback: true }), expected };
  expect(await goBack(wanted, failed(expected), watching(), Infinity)).toMatchObject({
    taken: { kind: 'taken-back' },
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
  const willing = verification(origin.directory, { autoRollback: true }, { remote: '.' });
  const left = async (attempted: Attempt, wanted: Partial<typeof willing> = {}): Promise<string> => {
    const { taken, back } = await goBack({ ...willing, expected, ...wanted }, attempted, watching(), Infinity);
    expect(back).toBeNull();
    return taken.kind === 'left' ? taken.because : 'It was taken back.';
  };
  const { target } = verification(origin.directory);
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
