import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { usage as pipeline } from '../../pipeline/run.ts';
import { commands, usage as release } from '../../release/run.ts';

const page = readFileSync('docs/reference/commands.md', 'utf8');

/** What the page says that a command prints. */
function printed(command: string): string {
  const [, section = ''] = page.split(`\n## ${command}\n`);
  const [, block = ''] = /```text\n([\s\S]*?)\n```/.exec(section.split('\n## ')[0] ?? '') ?? [];
  return block;
}

test.each([
  ['npm run release', release],
  ['npm run pipeline', pipeline],
])('docs/reference/commands.md says what %s prints', (command, usage) => {
  expect(printed(command)).toBe(usage.trimEnd());
});

test.each(Object.entries(commands))('docs/reference/commands.md says what release -- %s prints', async (name, run) => {
  const { stdout } = await run(['--help'], new AbortController().signal);
  expect(printed(`npm run release -- ${name}`)).toBe(stdout.trimEnd());
});
