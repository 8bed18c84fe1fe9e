import { expect, test } from 'vitest';
import { junit } from '../../../src/rehearse/report/write.ts';
import { lostOne, neverUp, small } from './reports.ts';

test('a test for each thing that the verdict looks at, and for whether the run can be trusted', () => {
  const text = junit(small);
  const names = [...text.matchAll(/<testcase [^>]*name="([^"]*)"/g)].map(([, name]) => name);

  expect(text).toContain('tests="7" failures="0"');
  expect(names).toEqual([
    'every rollout completes',
    'no request is lost',
    'no answer is late',
    'no rollout lowers the capacity',
    'every answer is the right one',
    'every answer is of a version that is rolled out',
    'the run can be trusted',
  ]);
});

test('fails where the verdict has a reason or a doubt, and nowhere else', () => {
  expect(junit(lostOne)).toContain('tests="7" failures="1"');
  expect(junit(lostOne)).toContain('<failure message="1 of 360 requests failed: 1 ECONNRESET.');
  const doubted = junit({ ...small, verdict: 'inconclusive', doubts: ['The client was silent.'] });
  expect(doubted).toContain('tests="7" failures="1"');
  expect(doubted).toContain('<failure message="The client was silent.">');
});

test('the words of a pod are no markup', () => {
  const text = junit(neverUp);

  expect(text).not.toContain('<script>');
  expect(text).not.toContain('\u001B');
});
