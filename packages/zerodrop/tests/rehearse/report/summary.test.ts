import { expect, test } from 'vitest';
import { coloured, isColoured, summarize } from '../../../src/rehearse/report/summary.ts';
import { lostOne, neverUp, passed, small } from './reports.ts';

test('a rehearsal that passed says so first, then shows its figures beside the control’s', () => {
  expect(summarize(small).split('\n')).toEqual([
    'Rehearsal passed, 0 of 360 requests lost. A release and a revert of 2 replicas under 20 requests a',
    'second, on the embedded cluster.',
    '',
    '                  our settings               the control',
    'keep-alive        0 of 180 lost, p99 2.0 ms  1 of 180 lost, p99 2.0 ms',
    'new-connection    0 of 180 lost, p99 2.0 ms  0 of 180 lost, p99 2.0 ms',
    'sent late by p99  1.0 ms and 1.0 ms          1.0 ms and 1.0 ms',
    '',
    '                 lost      synced  answered  rolled out  expected  old gone  ready',
    'release v1 → v2  0 of 160  0.5 s   3.0 s     4.0 s       4.5 s     6.0 s     2 of 2',
    'revert v2 → v1   0 of 180  0.5 s   3.1 s     4.0 s       4.5 s     6.0 s     2 of 2',
    '',
    'v1    ████        ██████',
    'v2        ████████▁',
    '      1.0 s       19.0 s',
    'Had 1 of 2 endpoints refused new connections for a while, this run would have missed it with these',
    'probabilities: 10 ms 100 %, 100 ms 100 %, 1000 ms 0.2 %. From 742 ms on it is at most 1 %.',
  ]);
});

test('a rehearsal that failed gives its reasons before its figures', () => {
  const [first, , reason] = summarize(lostOne).split('\n');
  expect(first).toContain('Rehearsal failed, 1 of 360 requests lost.');
  expect(reason).toBe(
    '✗ 1 of 360 requests failed: 1 ECONNRESET. The first: a keep-alive request due 3.0 s into the run,',
  );
});

test('stays within 25 lines of 100 columns, however much there is to say', () => {
  const reasons = Array.from(
    { length: 40 },
    (_, n) => `Reason ${n} ${'has many words '.repeat(12)}and ${'x'.repeat(150)}.`,
  );
  for (const report of [passed, neverUp, { ...passed, reasons }, { ...passed, warnings: reasons }]) {
    const lines = summarize(report).split('\n');
    expect(lines.length).toBeLessThanOrEqual(25);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test('says how much it leaves out, and never its figures', () => {
  const reasons = Array.from({ length: 40 }, (_, n) => `Reason ${n}.`);
  const text = summarize({ ...small, verdict: 'failed', reasons });

  expect(text).toMatch(/… and \d+ lines more in report\.json/);
  expect(text).toContain('revert v2 → v1');
});

test('shows what makes a run inconclusive, however many reasons there are', () => {
  const reasons = Array.from({ length: 40 }, (_, n) => `Reason ${n}.`);
  const doubts = ['This machine was too busy.', 'The client was silent.'];
  const lines = summarize({ ...small, verdict: 'inconclusive', reasons, doubts }).split('\n');

  expect(lines.slice(2, 5)).toEqual(['? This machine was too busy.', '? The client was silent.', '✗ Reason 0.']);
  expect(lines.length).toBeLessThanOrEqual(25);
});

test('has no colour unless it is asked for', () => {
  expect(summarize(lostOne)).not.toContain('\u001B');
  expect(summarize(lostOne, coloured)).toContain('\u001B[31m');
  expect(summarize(small, coloured)).toContain('\u001B[32m');
  expect(summarize(small, coloured)).not.toContain('\u001B[31m');
});

test('colours the verdict and its reasons, and not that nothing was lost', () => {
  const reasons = ['The release of v2 never completed.'];
  const [first] = summarize({ ...small, verdict: 'failed', reasons }, coloured).split('\n');
  expect(first).toContain('\u001B[31mRehearsal failed\u001B[39m, 0 of 360 requests lost.');
});

test('shows every figure of a rollout of many requests that took long', () => {
  const long = { requests: 123_456, completeAfterMs: 634_500, boundMs: 612_000, lastOldPodGoneAfterMs: 653_100 };
  const rollouts = small.rollouts.map((rollout) => ({ ...rollout, ...long, from: '1.20.3', to: '1.21.0' }));
  const text = summarize({ ...small, rollouts });
  expect(text).toContain('0 of 123,456');
  expect(text).toMatch(/release 1\.20\.3 → 1\.21\.0 .*653\.1 s +2 of 2$/m);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
])('a terminal %s with %j is coloured: %s', (isTerminal, environment, expected) => {
  expect(isColoured(isTerminal, environment)).toBe(expected);
});

test('a pod’s words stand below the reason, the last of them, a line each', () => {
  const words = ['Last words of pod web-1:', ...Array.from({ length: 9 }, (_, n) => `  line ${n}`)];
  const reasons = [['The release of v2 never completed.', ...words].join('\n')];
  const lines = summarize({ ...small, verdict: 'failed', reasons }).split('\n');
  expect(lines.slice(2, 7)).toEqual([
    '✗ The release of v2 never completed.',
    ...[5, 6, 7, 8].map((n) => `    line ${n}`),
  ]);
});
