import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { webShape, workerShape } from '../../apps/workload/schema.ts';
import { build } from '../../settings/build.ts';
import { google } from '../../settings/google.ts';
import { settingsSchema } from '../../settings/settings.ts';

const page = readFileSync('docs/reference/settings.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));

/** The settings that a row of a table is about. */
const described = new Set(
  rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
);

test.each([
  ...[settingsSchema, build, google].flatMap(({ shape }) => Object.keys(shape)),
  ...Object.keys({ ...webShape, ...workerShape }),
])('docs/reference/settings.md describes %s', (key) => {
  expect(described).toContain(key);
});
