import { expect, test } from 'vitest';
import { expecting, hash } from 'zerodrop/tests/verify/sample.ts';
import type { Attempt, Verified } from 'zerodrop/verify';
import type { WentBack } from '../../../release/verify/go-back.ts';
import { verifiedReport } from '../../../release/verify/verify.ts';

const expected = expecting(hash('a'));
const good: Verified<WentBack> = { kind: 'rolled-out', expected, isSuperseded: false, tookMs: 9_840 };
const failed = {
  kind: 'failed',
  expected,
  reason: 'Pod web-1 fails.',
  lastWords: 'Pod web-1: CrashLoopBackOff\nLast lines:',
} as const;
const taken = { kind: 'rolled-back', commit: hash('b'), from: '1.2.4', to: '1.2.3' } as const;
const former = expecting(hash('b'), '1.2.3');
const back: Attempt = {
  ending: { kind: 'rolled-out', expected: former, isSuperseded: false },
  objection: null,
  tookMs: 10_200,
};

test('tells what runs, and whether it was asked', () => {
  expect(verifiedReport('staging', 'https://example.com', good)).toEqual({
    stdout: 'staging runs 1.2.4 (aaaaaaa): rolled out after 9.8 s, and https://example.com answers as that version.\n',
    stderr: '',
    exitCode: 0,
  });
  expect(verifiedReport('staging', null, { ...good, isSuperseded: true }).stdout).toBe(
    'staging runs 1.2.4 (aaaaaaa), a later commit than the one to verify: rolled out after 9.8 s; its endpoint was not checked, because apps/services/ has no url for it.\n',
  );
});

test('tells what fails, in the words of the cluster, and why it was left', () => {
  const left = { taken: { kind: 'left', because: 'autoRollback is not set.' }, back: null } as const;
  expect(verifiedReport('staging', null, { ...failed, reaction: left })).toEqual({
    stdout: '',
    stderr:
      '1.2.4 (aaaaaaa) is not rolled out to staging. Pod web-1 fails.\nPod web-1: CrashLoopBackOff\nLast lines:\nNot rolled back. autoRollback is not set.\n',
    exitCode: 1,
  });
});

test('tells that what ran before runs again, and exits 1 all the same', () => {
  const { stderr, exitCode } = verifiedReport('staging', null, { ...failed, reaction: { taken, back } });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `\nRolled back from 1.2.4 to 1.2.3: ${hash('b')} reverts it.\n1.2.3 (bbbbbbb) runs again after 10.2 s. `,
  );
});

test('asks for help where that does not come back either', () => {
  const ending = {
    kind: 'failed',
    expected: former,
    isSuperseded: false,
    isUnderWay: false,
    reason: 'Pod web-2 fails.',
  } as const;
  expect(
    verifiedReport('staging', null, { ...failed, reaction: { taken, back: { ...back, ending } } }).stderr,
  ).toContain('\n1.2.3 (bbbbbbb) did not come back either. Pod web-2 fails. Look at staging now.\n');
  const objection = { kind: 'wrong', says: 'it answers HTTP 500.' } as const;
  expect(
    verifiedReport('staging', null, { ...failed, reaction: { taken, back: { ...back, objection } } }).stderr,
  ).toContain('\n1.2.3 (bbbbbbb) runs again, but it answers HTTP 500. Look at staging now.\n');
});

test('says that there was nothing to wait for after the rollback', () => {
  const { stderr } = verifiedReport('staging', null, { ...failed, lastWords: '', reaction: { taken, back: null } });
  expect(stderr).toBe(
    `1.2.4 (aaaaaaa) is not rolled out to staging. Pod web-1 fails.\nRolled back from 1.2.4 to 1.2.3: ${hash('b')} reverts it.\nThat release had no Deployment of the service to wait for. Look at staging now.\n`,
  );
});
