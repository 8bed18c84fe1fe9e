import { expect, test } from 'vitest';
import { longestBody } from '../../../github/texts.ts';
import { bodyOf, type Move } from '../../../release/pull-request/body.ts';

const pin = (tag: string, digit: string) => ({
  image: `europe-docker.pkg.dev/p/zerodrop/web:${tag}@sha256:${digit.repeat(64)}`,
  source: digit.repeat(40),
});

const move = (other: Partial<Move> = {}): Move => ({
  purpose: 'Merging this rolls **web 1.2.4** out to **production**, as staging runs it.',
  from: pin('1.2.3', 'a'),
  to: pin('1.2.4', 'b'),
  direction: 'come',
  commits: { lines: ['bbbbbbb Answer faster', 'ccccccc Greet @everyone <b>'], total: 2 },
  refusals: [],
  allowed: [],
  forecast: null,
  diff: '-  image: old\n+  image: new',
  repository: 'https://github.com/example/zerodrop.git',
  command: 'npm run release -- promote',
  ...other,
});

test('says from and to, the commits between, what the guard says, and the difference', () => {
  expect(bodyOf(move())).toBe(`Merging this rolls **web 1.2.4** out to **production**, as staging runs it.

| | tag | digest | source |
| --- | --- | --- | --- |
| from | \`1.2.3\` | \`sha256:${'a'.repeat(64)}\` | [aaaaaaa](https://github.com/example/zerodrop/commit/${'a'.repeat(40)}) |
| to | \`1.2.4\` | \`sha256:${'b'.repeat(64)}\` | [bbbbbbb](https://github.com/example/zerodrop/commit/${'b'.repeat(40)}) |

### Commits that come

\`\`\`text
bbbbbbb Answer faster
ccccccc Greet @ everyone <b>
\`\`\`

[All of them, with what they change](https://github.com/example/zerodrop/compare/${'a'.repeat(40)}...${'b'.repeat(40)})

### What the guard says

Nothing against it.

### What changes in the cluster

\`\`\`diff
-  image: old
+  image: new
\`\`\`

<sub>\`npm run release -- promote\` writes this branch and this text, and its next run replaces both: nothing that is added here stays.</sub>`);
});

test('says what merging does before what changes', () => {
  const foretold = '### Forecast\n\n✅ 1 workload rolls out.\n';
  expect(bodyOf(move({ forecast: foretold }))).toContain(`${foretold}\n### What changes in the cluster`);
});

test('compares the other way round what leaves', () => {
  const body = bodyOf(move({ direction: 'leave' }));
  expect(body).toContain('### Commits that leave');
  expect(body).toContain(`/compare/${'b'.repeat(40)}...${'a'.repeat(40)})`);
});

test('quotes the guard', () => {
  const refusal = {
    rule: 'max-unavailable' as const,
    path: 'manifests/production/web/web.yaml',
    line: 3,
    object: 'Deployment web-production/web',
    sentence: 'manifests/production/web/web.yaml: Deployment web-production/web allows 1 pod to be missing, or ...',
  };
  expect(bodyOf(move({ refusals: [refusal] }))).toContain(`**Refuses it:**\n\n\`\`\`text\n${refusal.sentence}\n\`\`\``);
  const allowed = bodyOf(move({ allowed: [refusal] }));
  expect(allowed).toContain(`Was allowed:\n\n\`\`\`text\n${refusal.sentence}\n\`\`\``);
  expect(allowed).not.toContain('Nothing against it.');
});

test('says what is not known, or not there', () => {
  expect(bodyOf(move({ from: null, commits: null }))).toContain('| from | nothing | | |');
  expect(bodyOf(move({ from: null, commits: null }))).toContain('This is the first release: all of them.');
  expect(bodyOf(move({ commits: null }))).toContain('Not known: the history does not have both sources.');
  expect(bodyOf(move({ commits: { lines: [], total: 0 } }))).toContain('None but releases.');
  expect(bodyOf(move({ commits: { lines: ['bbbbbbb x'], total: 60 } }))).toContain('And 59 more.');
});

test('links the commits at GitHub, by no more of the address than a page has', () => {
  const link = '](https://github.com/example/zerodrop/commit/';
  for (const repository of ['git@github.com:example/zerodrop.git', 'https://ada:s3cret@github.com/example/zerodrop']) {
    expect(bodyOf(move({ repository }))).toContain(link);
    expect(bodyOf(move({ repository }))).not.toContain('s3cret');
  }
  expect(bodyOf(move({ repository: 'https://ada:s3cret@git.example.com/example/zerodrop' }))).not.toMatch(
    /\]\(|s3cret/,
  );
});

test.each(['+ a line of the difference', '+ ```````` a fence', '+ é is one character'])(
  'cuts the difference to the limit: %s',
  (line) => {
    const body = bodyOf(move({ diff: Array.from({ length: 9_000 }, () => line).join('\n') }));
    expect(body.length).toBeLessThanOrEqual(longestBody);
    expect(body.length).toBeGreaterThan(longestBody - 200);
    expect(body).toMatch(/\d+ lines of the difference are left out\./);
    expect(body).toMatch(/<\/sub>$/);
  },
);

test('holds nothing that GitHub would obey as the message of a squash', () => {
  const words = 'fixes #12 [skip ci] @acme/web';
  const finding = {
    rule: 'image-unpinned',
    path: 'a.yaml',
    line: 1,
    object: words,
    sentence: words,
  } as const;
  const body = bodyOf(
    move({
      commits: { lines: [`abc1234 ${words}`], total: 1 },
      refusals: [finding],
      allowed: [finding],
      diff: `+  # ${words}`,
    }),
  );
  expect(body.match(/fixes no\. 12 \(skip ci\) @ acme\/web/g)).toHaveLength(4);
  expect(body).not.toMatch(/#\d|\[skip|@acme/);
});
