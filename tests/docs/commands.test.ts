import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthUsage } from '../../apps/write.ts';
import { trackedFiles } from '../../checks/tools.ts';
import { usage as pipeline } from '../../pipeline/run.ts';
import { commands, usage as release } from '../../release/run.ts';
import { build } from '../../service/bundle.ts';

const page = readFileSync('docs/reference/commands.md', 'utf8');
const exitCodes = readFileSync('docs/reference/exit-codes.md', 'utf8');

/** What the page says that a command prints. */
function printed(command: string): string {
  const [, section = ''] = page.split(`\n## ${command}\n`);
  const [, block = ''] = /```text\n([\s\S]*?)\n```/.exec(section.split('\n## ')[0] ?? '') ?? [];
  return block;
}

test.each([
  ['npm run release', release],
  ['npm run pipeline', pipeline],
  ['npm run synth', synthUsage],
  ['npm run build', (await build(['--help'])).stdout],
])('docs/reference/commands.md says what %s prints', (command, usage) => {
  expect(printed(command)).toBe(usage.trimEnd());
});

test.each(Object.entries(commands))('docs/reference/commands.md says what release -- %s prints', async (name, run) => {
  const { stdout } = await run(['--help'], new AbortController().signal);
  expect(printed(`npm run release -- ${name}`)).toBe(stdout.trimEnd());
});

/** The files that say in `--help` how a command ends. */
const helps: Readonly<Record<string, string>> = {
  'npm run synth': 'apps/write.ts',
  'npm run check': 'checks/main.ts',
  'npm run build': 'service/bundle.ts',
  'npm run rehearse': 'packages/zerodrop/src/rehearse/options.ts',
  ...Object.fromEntries(
    Object.keys(commands).map((name) => [
      `npm run release -- ${name}`,
      name === 'guard' ? 'release/guard.ts' : `release/commands/${name}.ts`,
    ]),
  ),
  'npm run release -- guard': 'release/guard.ts',
  'npx --no zerodrop guard': 'packages/zerodrop/src/guard/command.ts',
  'npx --no zerodrop forecast': 'packages/zerodrop/src/forecast/command.ts',
  'npx --no zerodrop verify': 'packages/zerodrop/src/verify/command.ts',
  'npm run pipeline': 'pipeline/run.ts',
  'npm run secrets': 'cluster/copy-secrets.ts',
};
/** These have commands of their own, and say it of all of them. */
const above = ['packages/zerodrop/src/cli.ts', 'release/run.ts'];

/** What each code means, of a help's `Exit: 0 done, 2 wrong use.` */
function meanings(file: string): ReadonlyMap<string, string> {
  const [, text = ''] = /\bExit: ([\s\S]+?)\.?\n?`;/.exec(readFileSync(file, 'utf8')) ?? [];
  const parts = text.replaceAll('\n', ' ').split(/, (?=\d+ )/);
  return new Map(parts.map((part) => [part.split(' ')[0] ?? '', part.slice(part.indexOf(' ') + 1)]));
}

test('docs/reference/exit-codes.md has every command that says how it ends', async () => {
  const files = (await trackedFiles('.')).filter((file) => file.endsWith('.ts') && !/(?:^|\/)tests\//.test(file));
  const saying = files.filter((file) => /\bExit: 0/.test(readFileSync(file, 'utf8')));
  expect(saying.toSorted()).toEqual([...Object.values(helps), ...above].toSorted());
  expect([...exitCodes.matchAll(/^\| `([^`]+)` \|/gm)].map(([, command]) => command).toSorted()).toEqual(
    Object.keys(helps).toSorted(),
  );
});

test.each(Object.entries(helps))('docs/reference/exit-codes.md says of %s what its help says', (command, file) => {
  const codes = meanings(file);
  const [, verdict, fault] =
    exitCodes
      .split('\n')
      .map((line) => line.split(/ *\| */).slice(1))
      .find(([name]) => name === `\`${command}\``) ?? [];
  expect([verdict, fault]).toEqual([codes.get('1') ?? '–', codes.get('3') ?? '–']);
});

test.each([...Object.values(helps), ...above])('each code of %s is in docs/reference/exit-codes.md', (file) => {
  for (const code of meanings(file).keys()) expect(exitCodes).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
