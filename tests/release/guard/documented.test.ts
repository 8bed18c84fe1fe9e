import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../../release/guard/rules.ts';

test('docs/guard.md has a section for each rule, with its way out, and for nothing else', () => {
  const page = readFileSync('docs/guard.md', 'utf8');
  const sections = page.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0]).toSorted()).toEqual(Object.keys(rules).toSorted());
  for (const section of sections) expect(section).toContain('**Way out:**');
});
