import { expect, test } from 'vitest';
import { markdown } from '../../../src/rehearse/report/write.ts';
import { lostOne, neverUp, small } from './reports.ts';

test('begins with the verdict and the two figures', () => {
  const [heading, , opening] = markdown(small).split('\n');

  expect(heading).toBe('## ✅ Rehearsal passed: 0 of 360 requests lost');
  expect(opening).toContain('the settings of the original, lost 1 of 360 requests.');
});

test('has a row for each rollout and client, the control’s below ours', () => {
  const text = markdown(small);

  expect(text).toContain('| release | v1 → v2 | 0 of 160 | 0.5 s | 3.0 s | 4.0 s | 4.5 s | 6.0 s | 2 of 2 |');
  expect(text).toContain('| release, control | v1 → v2 | 1 of 160 |');
  expect(text).toContain('| keep-alive, control | 1 of 180 | 1 ECONNREFUSED | 2.0 ms | 2.0 ms | 1.0 ms |');
});

test('gives the reasons as a list', () => {
  expect(markdown(lostOne)).toContain('\n- 1 of 360 requests failed: 1 ECONNRESET.');
});

test('the words of a pod stay words', () => {
  const [, reason] = /^- (Pod .*)$/m.exec(markdown(neverUp)) ?? [];

  expect(reason).toContain('\\<script>');
  expect(reason).toContain('cannot find \\`module\\`');
});
