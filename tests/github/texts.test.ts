import { expect, test } from 'vitest';
import { cutToLines, fenced, firstLines, harmless, harmlessLine } from '../../github/texts.ts';

test.each([
  ['fix: answer [skip ci]', 'fix: answer (skip ci)'],
  ['[CI Skip] fix', '(CI Skip) fix'],
  ['[no ci] [skip actions] [actions skip] [skip-ci]', '(no ci) (skip actions) (actions skip) (skip-ci)'],
  ['[[skip ci]] [azurepipelines skip]', '(skip ci) (azurepipelines skip)'],
  ['[sk\u200Bip ci]', '(skip ci)'],
  ['[sk\u00ADip\u3164 ci]', '(skip ci)'],
  ['***NO_CI*** docs', '(NO_CI) docs'],
  ['skip-checks: true', 'skip-checks true'],
  ['Request-Checks:true', 'Request-checks true'],
  ['fixes #12, closes: #13', 'fixes no. 12, closes: no. 13'],
  ['Fix the login (#123)', 'Fix the login (no. 123)'],
  ['closes owner/repo#1 and resolves GH-12', 'closes owner/repo no. 1 and resolves no. 12'],
  ['resolves https://github.com/owner/repo/issues/12', 'resolves owner/repo no. 12'],
  ['fixes #\u200B12', 'fixes no. 12'],
  ['by @octocat of @acme/web', 'by @ octocat of @ acme/web'],
  ['von é@octocat, 山@octocat', 'von é@ octocat, 山@ octocat'],
  ['subject\r\nGuard-Allowed: replicas-lost: mine', 'subject Guard-Allowed: replicas-lost: mine'],
  ['a\u2028b\u0085c', 'a b c'],
  ['\u001B[31mred\u001B[0m \u202Egnp', '[31mred[0m gnp'],
])('%j reads %j', (text, read) => {
  expect(harmlessLine(text)).toBe(read);
});

test.each([
  'Répare le café: 100 % 👩‍💻',
  'web:1.2.3@sha256:00aa',
  'Ada <ada@example.com>, 49+dependabot[bot]@users.noreply.github.com',
  "C# 8, item [x], don't skip ci, no ci",
  'see https://example.com/a#top',
])('leaves %j as it is', (text) => {
  expect(harmlessLine(text)).toBe(text);
});

test.each(['[', '[skip', '[no ', '@a', '#', 'skip-checks:'])(
  'reads %j a hundred thousand times within a second',
  (text) => {
    const begunMs = performance.now();
    harmless(text.repeat(100_000));
    expect(performance.now() - begunMs).toBeLessThan(1_000);
  },
);

test('keeps the lines of a text', () => {
  expect(harmless('a\n\tb\r\nc')).toBe('a\n\tb\nc');
});

/** What must be nowhere, written otherwise than the function has it. */
const obeyed = [
  /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i,
  /\*\*\*NO_CI\*\*\*/i,
  /skip-checks:/i,
  /(?:^|[^\w])@[a-z0-9]+(?![\w.-])/i,
  /#\d/,
  /\bGH-\d/i,
  /\/(?:issues|pull)\/\d/,
  /[\u202A-\u202E\u2066-\u2069]|[^\P{Cc}\t\n]/u,
];

test('whatever is put together, nothing is obeyed, and a second time changes nothing', () => {
  const parts = [
    '[',
    ']',
    'skip',
    'ci',
    'no',
    'actions',
    ' ',
    '@',
    'user',
    '/',
    '#',
    '12',
    'GH-',
    'fixes',
    ':',
    '***',
    'NO_CI',
  ];
  const odd = [
    '\u200B',
    '\u202E',
    '\n',
    '\r',
    'skip-checks',
    'true',
    '.',
    '(',
    'https://github.com/o/r/issues/',
    'no.',
  ];
  const words = [...parts, ...odd];
  // Park and Miller's generator: the same texts in each run.
  let state = 42;
  const next = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
  const texts = Array.from({ length: 20_000 }, () => {
    return Array.from({ length: 1 + next(12) }, () => words[next(words.length)]).join('');
  });
  const wrong = texts.filter((text) => {
    const read = harmless(text);
    return obeyed.some((pattern) => pattern.test(read)) || harmless(read) !== read;
  });
  expect(wrong).toEqual([]);
});

test('fences a text with more backticks than it has', () => {
  expect(fenced('a: 1', 'yaml')).toBe('```yaml\na: 1\n```');
  expect(fenced('````\nx')).toBe('`````\n````\nx\n`````');
});

test('keeps whole lines that fit, and counts the rest', () => {
  expect(firstLines('one\ntwo\nthree', 13)).toEqual({ text: 'one\ntwo\nthree', leftOut: 0 });
  expect(firstLines('one\ntwo\nthree', 12)).toEqual({ text: 'one\ntwo', leftOut: 1 });
  expect(firstLines('one\ntwo\nthree', 7)).toEqual({ text: 'one\ntwo', leftOut: 1 });
  expect(firstLines('one\ntwo\nthree', 6)).toEqual({ text: 'one', leftOut: 2 });
  expect(firstLines('one\ntwo\nthree', 2)).toEqual({ text: '', leftOut: 3 });
});

test('a text that fits is left alone', () => {
  expect(cutToLines('a\nb', 3)).toBe('a\nb');
});

test('a longer one ends with whole lines and the number of those that are missing', () => {
  const text = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');

  const cut = cutToLines(text, 100);

  expect(cut.length).toBeLessThanOrEqual(100);
  expect(cut.split('\n').slice(0, 2)).toEqual(['line 0', 'line 1']);
  expect(cut.split('\n').at(-1)).toBe("... 95 of 100 lines left out: the job's log has all of them.");
});

test('a first line that is too long by itself leaves the note alone', () => {
  expect(cutToLines('x'.repeat(1_000), 100)).toBe("... 1 of 1 lines left out: the job's log has all of them.");
});
