import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judge, ruleList } from '../../src/guard/index.ts';

const folder = path.join(import.meta.dirname, '../../docs/rules');

/** The files of an example: one, or several that each begin with `# file: PATH`. */
function filesOf(page: string, name: string): ReadonlyMap<string, string> {
  const text = new RegExp(`^\`\`\`yaml ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
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
  const before = filesOf(page, 'before');
  const rulesOf = (name: string): readonly string[] =>
    judge(before, filesOf(page, name), { profile: 'lossless' }).findings.map(({ rule }) => rule);
  expect(rulesOf('bad')).toContain(id);
  expect(rulesOf('good')).not.toContain(id);
});
