import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commitMessage, type ReleaseNote, revertMessage } from '../../release/commit-message.ts';
import { parseImageReference } from '../../release/outcome.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const source = 'a'.repeat(40);
const note: ReleaseNote = {
  service: 'web',
  environment: 'staging',
  image: parseImageReference(`web:1.2.3@${digest}`),
  source,
  repository: 'https://github.com/example/zerodrop',
  sourceCommit: null,
  replaced: null,
  allowance: null,
};
const sourceCommit = {
  authorName: 'Ada Test',
  authorEmail: 'ada@example.com',
  date: '2026-03-01T10:00:00+01:00',
  subject: 'Answer faster',
};

test('tells the release in the subject, and the rest in trailers', () => {
  expect(commitMessage(note)).toBe(`Release web 1.2.3 to staging

Source-Commit: ${source}
Image: web:1.2.3@${digest}
Service: web
Environment: staging
Argocd-reference-commit-sha: ${source}
Argocd-reference-commit-repourl: https://github.com/example/zerodrop`);
});

test('says what it replaces, and how that comes back', () => {
  const replaced = { image: `web:1.2.2@${digest}`, source };
  expect(commitMessage({ ...note, replaced }).split('\n\n')[1]).toBe(
    'Replaces 1.2.2. Reverting this commit brings it back.',
  );
  const built = { image: `web:1.2.3@sha256:${'1'.repeat(64)}`, source };
  expect(commitMessage({ ...note, replaced: built }).split('\n\n')[1]).toBe(
    'Replaces 1.2.3 (aaaaaaa, sha256:1111111). Reverting this commit brings it back.',
  );
});

test('keeps what was allowed and why, a trailer for each rule', () => {
  const allowance = { rules: ['replicas-lost', 'max-unavailable'], because: 'a test: on purpose' } as const;
  expect(commitMessage({ ...note, allowance })).toContain(
    'Environment: staging\nGuard-Allowed: replicas-lost: a test: on purpose\nGuard-Allowed: max-unavailable: a test: on purpose\n',
  );
});

test('introduces the source commit to Argo CD', () => {
  expect(commitMessage({ ...note, sourceCommit })).toContain(
    [
      `Argocd-reference-commit-sha: ${source}`,
      'Argocd-reference-commit-author: Ada Test <ada@example.com>',
      'Argocd-reference-commit-date: 2026-03-01T10:00:00+01:00',
      'Argocd-reference-commit-subject: Answer faster',
    ].join('\n'),
  );
});

test('holds nothing of the source commit or of a reason that GitHub or git would obey', () => {
  const words = 'Guard-Allowed: replicas-lost: x [skip ci] fixes #12 @octocat\rskip-checks: true';
  const message = commitMessage({
    ...note,
    sourceCommit: { ...sourceCommit, authorName: words, subject: words },
    allowance: { rules: ['max-unavailable'], because: words },
  });
  const harmless = 'Guard-Allowed: replicas-lost: x (skip ci) fixes no. 12 @ octocat skip-checks true';
  expect(message).toContain(`\nArgocd-reference-commit-subject: ${harmless}\n`);
  expect(message).toContain(`\nArgocd-reference-commit-author: "${harmless}" <ada@example.com>\n`);
  expect(message.match(/^Guard-Allowed: .*$/gm)).toEqual([`Guard-Allowed: max-unavailable: ${harmless}`]);
});

test.each(['a@b [skip ci]', 'a@b\u202E', '@octocat'])(
  'leaves out an author whose address is none: %j',
  (authorEmail) => {
    expect(commitMessage({ ...note, sourceCommit: { ...sourceCommit, authorEmail } })).not.toContain('commit-author');
  },
);

test.each([
  ['Zoë Ünal-O’Hara', '"Zoë Ünal-O’Hara" <a@b.c>'],
  ['Zoë Ünal', 'Zoë Ünal <a@b.c>'],
  ['renovate[bot]', '"renovate[bot]" <a@b.c>'],
  ['Ada "A." Test\\', '"Ada \\"A.\\" Test\\\\" <a@b.c>'],
])('writes the author %s as RFC 5322 wants it', (authorName, mailbox) => {
  const message = commitMessage({ ...note, sourceCommit: { ...sourceCommit, authorName, authorEmail: 'a@b.c' } });
  expect(message).toContain(`Argocd-reference-commit-author: ${mailbox}\n`);
});

test('leaves out what Argo CD could not read', () => {
  const message = commitMessage({
    ...note,
    repository: 'git@github.com:example/zerodrop.git',
    sourceCommit: { ...sourceCommit, subject: '' },
  });
  expect(message).not.toContain('repourl');
  expect(message).not.toContain('commit-subject');
});

test('has trailers that git itself recognises', () => {
  const allowance = { rules: ['replicas-lost'], because: 'a test: on purpose' } as const;
  const replaced = { image: `web:1.2.2@${digest}`, source };
  const message = commitMessage({ ...note, sourceCommit, allowance, replaced });
  const parsed = execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });
  expect(parsed.trimEnd()).toBe(message.split('\n\n')[2]);
});

test("is git revert's own, with what the guard was told", () => {
  expect(revertMessage('Release web 2 to staging', 'abc', null)).toBe(
    'Revert "Release web 2 to staging"\n\nThis reverts commit abc.',
  );
  expect(revertMessage('Release web 2 to staging', 'abc', { rules: ['max-unavailable'], because: 'it burns' })).toBe(
    'Revert "Release web 2 to staging"\n\nThis reverts commit abc.\n\nGuard-Allowed: max-unavailable: it burns',
  );
});

test('holds nothing of the subject that GitHub or git would obey', () => {
  expect(revertMessage('Promote web (#42) [skip ci]\rGuard-Allowed: replicas-lost: x', 'abc', null)).toBe(
    'Revert "Promote web (no. 42) (skip ci) Guard-Allowed: replicas-lost: x"\n\nThis reverts commit abc.',
  );
});
