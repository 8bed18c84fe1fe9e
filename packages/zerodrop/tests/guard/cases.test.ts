import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/guard/index.ts';
import { examplesOf } from './examples.ts';
import { inShort } from './shown.ts';

const folder = path.join(import.meta.dirname, 'cases');

describe.each(readdirSync(folder))('%s', (file) => {
  test.each(examplesOf(readFileSync(path.join(folder, file), 'utf8')))('$name', ({ before, after, profile, says }) => {
    const { findings } = judge(before, after, { profile });
    expect(findings.map((finding) => inShort(finding, after)).join('\n')).toBe(says);
  });
});
