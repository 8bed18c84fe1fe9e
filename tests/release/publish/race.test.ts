import { expect, test } from 'vitest';
import { OperationError } from 'zerodrop/errors';
import { gitError } from 'zerodrop/git';
import { race } from '../../../release/publish/race.ts';
import type { PushEnd } from '../../../release/publish/remote.ts';

const broken: PushEnd = { kind: 'broken', said: 'the line is dead' };
const lost: PushEnd = { kind: 'lost' };

/** A race whose pushes end in this way, one after the other; each attempt takes a second. */
function run(
  ends: readonly PushEnd[],
  { withinMs = 60_000, arrives = [] as readonly string[], fetches = [] as boolean[] } = {},
) {
  let nowMs = 0;
  let attempts = 0;
  const waitedMs: number[] = [];
  const options = {
    remote: 'origin',
    destination: {
      branch: 'main',
      push: async (): Promise<PushEnd> => ends[attempts - 1] ?? { kind: 'done' },
      arrived: async (commits: readonly string[]) => commits.find((commit) => arrives.includes(commit)),
    },
    clock: {
      nowMs: () => nowMs,
      random: () => 0.5,
      async pause(milliseconds: number) {
        waitedMs.push(milliseconds);
        nowMs += milliseconds;
      },
    },
    withinMs,
    signal: new AbortController().signal,
  };
  const fetch = async (): Promise<void> => {
    if (fetches.shift() === false) throw gitError(['fetch'], '/tree', 'no route to host');
  };
  const ended = race(options, fetch, async () => {
    attempts += 1;
    nowMs += 1_000;
    return { commit: `commit ${attempts}`, outcome: `made ${attempts}` };
  });
  return { ended, waitedMs };
}

test('begins anew until it is first', async () => {
  const { ended, waitedMs } = run([lost, lost]);
  expect(await ended).toBe('made 3');
  expect(waitedMs).toEqual([500, 1_000]);
});

test('ends with an attempt that has nothing to push', async () => {
  const { ended } = run([]);
  expect(await ended).toBe('made 1');
});

test('finds what arrived although no answer came', async () => {
  expect(await run([broken, lost], { arrives: ['commit 1'] }).ended).toBe('made 1');
  // A push that was clearly beaten is not asked for.
  expect(await run([lost], { arrives: ['commit 1'] }).ended).toBe('made 2');
});

test('gives up after three silences in a row, with the last words', async () => {
  await expect(run([broken, broken, broken]).ended).rejects.toThrow(/3 times in a row.+the line is dead/);
  expect(await run([broken, broken, lost, broken, broken]).ended).toBe('made 6');
  await expect(run([], { fetches: [false, false, false] }).ended).rejects.toThrow(/no route to host/);
  expect(await run([], { fetches: [false, false, true] }).ended).toBe('made 1');
});

test('gives up when the time is over', async () => {
  await expect(
    run(
      Array.from({ length: 99 }, () => lost),
      { withinMs: 20_000 },
    ).ended,
  ).rejects.toThrow(/^main could not be pushed within 20 s, in 6 attempts: somebody else pushed first each time\./);
});

test('does not try again what the remote refuses', async () => {
  const { ended, waitedMs } = run([{ kind: 'refused', said: 'no' }]);
  await expect(ended).rejects.toThrow(OperationError);
  expect(waitedMs).toEqual([]);
});

const withoutBranch = (): Promise<void> => Promise.reject(new OperationError('origin has no branch main.'));

test('passes on what is neither the remote nor git', async () => {
  const options = {
    remote: 'origin',
    destination: { branch: 'main', push: async (): Promise<PushEnd> => lost, arrived: async () => undefined },
    clock: { nowMs: () => 0, random: () => 0, pause: async () => undefined },
    withinMs: 1_000,
    signal: new AbortController().signal,
  };
  await expect(race(options, withoutBranch, async () => ({ commit: null, outcome: 'made' }))).rejects.toThrow(
    /^origin has no branch main\.$/,
  );
});
