import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judge, ruleList } from '../../src/guard/index.ts';
import { examplesOf } from './examples.ts';
import { shown } from './shown.ts';

const folder = path.join(import.meta.dirname, '../../docs/rules');

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
  for (const { before, after, profile, says } of examples) {
    const own = judge(before, after, { profile }).findings.filter(({ rule }) => rule === id);
    expect(own.map((finding) => shown(finding, after)).join('\n\n')).toBe(says);
  }
  expect(examples.filter(({ says }) => says !== '').length).toBeGreaterThan(0);
  expect(examples.filter(({ says }) => says === '').length).toBeGreaterThan(0);
});
