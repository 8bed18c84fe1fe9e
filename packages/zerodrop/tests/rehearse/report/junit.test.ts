import { expect, test } from 'vitest';
import { junit } from '../../../src/rehearse/report/write.ts';
import { lostOne, neverUp, small } from './reports.ts';

test('a test for each client and rollout, for the control and for the verdict', () => {
  const text = junit(small);
  const names = [...text.matchAll(/<testcase [^>]*name="([^"]*)"/g)].map(([, name]) => name);

  expect(text).toContain('tests="6" failures="0"');
  expect(names).toEqual([
    'the keep-alive client loses nothing',
    'the new-connection client loses nothing',
    'the release of v2 completes, keeps its capacity and loses nothing',
    'the revert of v1 completes, keeps its capacity and loses nothing',
    'the control loses requests',
    'the verdict is yes',
  ]);
});

test('what was lost fails the client, the rollout and the verdict', () => {
  const text = junit(lostOne);

  expect(text).toContain('tests="6" failures="3"');
  expect(text).toContain('<failure message="1 of 180 lost: 1 ECONNRESET">');
  expect(text).toContain('<failure message="1 of 160 requests lost.">');
});

test('a control that lost nothing fails', () => {
  const control = small.control === null ? null : { ...small.control, failed: 0 };
  expect(junit({ ...small, control })).toContain('It lost nothing: the rehearsal cannot see a loss.');
});

test('the words of a pod are no markup', () => {
  const text = junit(neverUp);

  expect(text).not.toContain('<script>');
  expect(text).not.toContain('\u001B');
});
