import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync('cluster', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('cluster', file));

function matches(pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\/\/|\*|\/\*\*)/.test(line))
      // What stands in a string is prose.
      .filter((line) => pattern.test(line.replaceAll(/`[^`]*`|'[^']*'/g, "''")))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

function imports(pattern: RegExp): string[] {
  return files.filter((file) =>
    [...readFileSync(file, 'utf8').matchAll(/ from '([^']+)'/g)].some(([, from = '']) => pattern.test(from)),
  );
}

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(30);
});

test('no cast hides what the bindings would drop', () => {
  expect(matches(/\bas (?!const\b)[A-Za-z{[(]/)).toEqual([]);
  expect(matches(/:\s*any\b|<any>|@ts-(?:ignore|expect-error|nocheck)|!\./)).toEqual([]);
});

test('no import loads all of a provider', () => {
  // The index of provider-google costs 620 MB and 3.5 s.
  expect(imports(/^@cdktf\/provider-[a-z]+$/)).toEqual([]);
});

test('nothing asks the clock, chance or the environment', () => {
  expect(matches(/Date\.now|new Date\(\)|Math\.random|randomUUID|process\.env/)).toEqual([]);
});
