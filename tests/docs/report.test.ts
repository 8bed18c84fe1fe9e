import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const schema = readFileSync('packages/zerodrop/src/rehearse/report/schema.ts', 'utf8');
const page = readFileSync('docs/reference/report.md', 'utf8');

/** The names of the fields in report.json, as its types have them. */
const fields = new Set([...schema.matchAll(/^  readonly (\w+):/gm)].map(([, name]) => name));

test('the types of report.json have fields', () => {
  expect(fields).toContain('verdict');
  expect(fields.size).toBeGreaterThan(30);
});

test.each([...fields])('docs/reference/report.md describes %s', (name) => {
  expect(page).toContain(`\`${name}\``);
});
