import { expect, test } from 'vitest';
import type { Refusal } from '../../release/guard.ts';
import { decisionWords, refusedReport } from '../../release/outcome.ts';

const refusal: Refusal = {
  rule: 'replicas-lost',
  path: 'manifests/staging/web/web.yaml',
  line: 1,
  object: 'Deployment web-staging/web',
  sentence: 'Something costs requests.',
};

test('prints each refusal on stderr, and exits 1', () => {
  expect(refusedReport([refusal, refusal])).toEqual({
    stdout: '',
    stderr: 'Something costs requests.\nSomething costs requests.\nRefused: nothing is written.\n',
    exitCode: 1,
  });
});

const pin = (tag: string, source: string, digest: string) => ({
  image: `web:${tag}@sha256:${digest.repeat(64)}`,
  source: source.repeat(40),
});
const [first, second] = [pin('1.0.0', 'a', '1'), pin('1.0.0', 'a', '2')];

test('says of a late run of a build that the source was built again', () => {
  expect(decisionWords('staging', { kind: 'built-again', wanted: first, pinned: second })).toBe(
    'superseded: the same source was built again since. staging has 1.0.0 (aaaaaaa, sha256:2222222), which was released after 1.0.0 (aaaaaaa, sha256:1111111). Nothing is changed: roll back to return to the former build, or release it with --again.\n',
  );
});

test('tells two builds of a source apart where one of them was taken back', () => {
  expect(decisionWords('staging', { kind: 'rolled-back', former: second, pinned: first })).toMatch(
    /rolled back from 1\.0\.0 \(aaaaaaa, sha256:2222222\) to 1\.0\.0 \(aaaaaaa, sha256:1111111\), and/,
  );
  const other = pin('0.9.0', 'b', '1');
  expect(decisionWords('staging', { kind: 'rolled-back', former: second, pinned: other })).toContain(
    'from 1.0.0 (aaaaaaa) to 0.9.0 (bbbbbbb), and',
  );
  expect(decisionWords('staging', { kind: 'rolled-back', former: second, pinned: null })).toContain('to nothing, and');
});
