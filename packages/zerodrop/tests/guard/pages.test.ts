import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Files, judge, ruleList } from '../../src/guard/index.ts';
import { shown } from './shown.ts';

const folder = path.join(import.meta.dirname, '../../docs/rules');

/** An example of a page: the files before and after, and what the rule says of them; nothing where it is a good one. */
interface Example {
  readonly before: string;
  readonly after: string;
  readonly says: string;
}

/**
 * The examples of a page. A block `before` counts for all that come behind it; a block `diff` changes some lines of it. What the
 * guard says stands in a block `text` behind the example.
 */
function examplesOf(page: string): readonly Example[] {
  const blocks = [...page.matchAll(/^```(yaml before|yaml bad|yaml good|diff|text)\n([\s\S]*?)^```$/gm)].map(
    ([, name = '', text = '']) => ({ name, text }),
  );
  let before = '';
  return blocks.flatMap(({ name, text }, index): readonly Example[] => {
    if (name === 'yaml before') before = text;
    if (name === 'yaml before' || name === 'text') return [];
    const next = blocks[index + 1];
    const says = next?.name === 'text' ? next.text.trimEnd() : '';
    return [{ before, after: name === 'diff' ? patched(before, text) : text, says }];
  });
}

/** A text with the changes of a diff, whose parts are divided by lines that begin with @@. Without old lines it is appended. */
function patched(text: string, diff: string): string {
  return diff.split(/^@@.*\n/m).reduce((whole, part) => {
    const lines = part.split('\n').slice(0, -1);
    const side = (without: string): string =>
      lines
        .filter((line) => !line.startsWith(without))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const [old, now] = [side('+'), side('-')];
    if (old === '') return `${whole}${now}`;
    const found = `\n${whole}`.split(`\n${old}`);
    if (found.length !== 2) throw new Error(`Stands ${found.length - 1} times in the example before:\n${old}`);
    return found.join(`\n${now}`).slice(1);
  }, text);
}

/** The files of an example: one, or several that each begin with `# file: PATH`. */
function filesOf(text: string): Files {
  if (text === '') return new Map();
  if (!text.startsWith('# file: ')) return new Map([['manifests/production/web.yaml', text]]);
  const parts = text.split(/^# file: /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}

test('there is a page for each rule, and none besides', () => {
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.toSorted()).toEqual(ruleList.map(({ id }) => `${id}.md`).toSorted());
  const index = readFileSync(path.join(folder, 'README.md'), 'utf8');
  for (const { id, title, severity } of ruleList) {
    expect(index).toContain(`| [${id}](${id}.md) | ${title} | ${severity.lossless} | ${severity.any} |`);
  }
});

test.each(ruleList)('$id: its page says what it is, and its examples do what they say', ({ id, title, severity }) => {
  const page = readFileSync(path.join(folder, `${id}.md`), 'utf8');
  expect(page).toMatch(new RegExp(`^# ${id}\n\n`));
  expect(page).toContain(`\n${title}.\n`);
  expect(page).toContain(`| \`lossless\` | ${severity.lossless} |\n| \`any\` | ${severity.any} |`);
  const examples = examplesOf(page);
  for (const { before, after, says } of examples) {
    const files = filesOf(after);
    const { findings } = judge(filesOf(before), files, { profile: 'lossless' });
    const own = findings.filter(({ rule }) => rule === id).map((finding) => shown(finding, files));
    expect(own.join('\n\n')).toBe(says);
  }
  expect(examples.filter(({ says }) => says !== '').length).toBeGreaterThan(0);
  expect(examples.filter(({ says }) => says === '').length).toBeGreaterThan(0);
});
