import { expect, test } from 'vitest';
import type { Refusal } from '../../release/guard.ts';
import { report } from '../../release/outcome.ts';

const refusal: Refusal = {
  rule: 'replicas-lost',
  path: 'manifests/staging/web/web.yaml',
  line: 1,
  object: 'Deployment web-staging/web',
  sentence: 'Something costs requests.',
};

test('prints the commit on stdout, and what it was allowed on stderr', () => {
  const commit = { hash: 'a'.repeat(40), shortHash: 'aaaaaaa', subject: 'Release web 1.2.3 to staging' };
  expect(report({ kind: 'committed', commit, allowed: [refusal] })).toEqual({
    stdout: 'aaaaaaa Release web 1.2.3 to staging\n',
    stderr: 'Allowed replicas-lost: manifests/staging/web/web.yaml: Deployment web-staging/web\n',
    exitCode: 0,
  });
});

test('says where there is nothing to do', () => {
  expect(report({ kind: 'unchanged', environment: 'staging', image: 'web:1.2.3' })).toEqual({
    stdout: 'Nothing to commit: staging has web:1.2.3 already.\n',
    stderr: '',
    exitCode: 0,
  });
});

test('prints each refusal on stderr, and exits 1', () => {
  expect(report({ kind: 'refused', refusals: [refusal, refusal] })).toEqual({
    stdout: '',
    stderr: 'Something costs requests.\nSomething costs requests.\nRefused: nothing is written.\n',
    exitCode: 1,
  });
});
