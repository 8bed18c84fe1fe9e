import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trackedFiles } from '../../checks/tools.ts';
import { usage } from '../../pipeline/run.ts';
import { commands, isCommand } from '../../release/run.ts';
import { sources } from './workflows.ts';

const lines = sources.flatMap(({ file, steps }) => steps.map(({ run = '' }) => ({ file, run })));
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));

test.each(lines.filter(({ run }) => run.includes('npm ')))('$file: $run', ({ run }) => {
  const called = [...run.matchAll(/npm (?:run (?:--silent )?)?([\w-]+)/g)].map(([, script = '']) => script);

  expect(called).not.toEqual([]);
  for (const script of called) expect([...Object.keys(scripts), 'ci', 'audit']).toContain(script);
});

const commandsIn = (text: string) => new Set([...text.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command));

test('every command of the pipeline that is called exists', () => {
  const called = new Set(
    lines.flatMap(({ run }) => [...run.matchAll(/pipeline -- ([a-z]+)/g)].map(([, command]) => command)),
  );
  const [byWorkflows = ''] = usage.split('For people');

  expect([...called].filter((command) => !commandsIn(usage).has(command))).toEqual([]);
  // What workflows call is for nobody else, and what nothing calls is for people.
  expect([...commandsIn(byWorkflows)].filter((command) => !called.has(command))).toEqual([]);
});

const releases = lines.flatMap(({ file, run }) =>
  [...run.matchAll(/release -- (\S+)(.*)/g)].map(([, command = '', options = '']) => ({ file, command, options })),
);

test.each(releases)('$file: release -- $command$options', async ({ command, options }) => {
  if (!isCommand(command)) throw new Error(`release has no command ${command}.`);
  const help = await commands[command](['--help'], new AbortController().signal);

  for (const [option] of options.matchAll(/--[a-z-]+/g)) expect(help.stdout).toContain(`${option} `);
});

test('every action and workflow of our own that is used exists', () => {
  const used = sources.flatMap(({ text }) => [...text.matchAll(/uses: \.\/(\S+)/g)].map(([, found = '']) => found));

  expect(used).toContain('.github/actions/install');
  for (const found of used) {
    expect([found, existsSync(found.endsWith('.yaml') ? found : `${found}/action.yaml`)]).toEqual([found, true]);
  }
});

test('docs/how-to/set-up-the-pipeline.md lists every action of others that is used, for those who have to allow them', () => {
  const used = sources.flatMap(({ steps }) =>
    steps.flatMap(({ uses = './' }) => (uses.startsWith('./') ? [] : [uses])),
  );
  const text = readFileSync('docs/how-to/set-up-the-pipeline.md', 'utf8');
  const [, list = ''] = /## Where only listed actions may run\n([\s\S]*?)\n##/.exec(text) ?? [];
  const listed = [...list.matchAll(/`([\w-]+\/[\w-]+)`/g)].map(([, action = '']) => action);
  const nested = ['actions/cache', 'aquasecurity/setup-trivy'];

  expect(new Set(listed)).toEqual(new Set([...used.map((action) => action.split('@')[0] ?? ''), ...nested]));
});

test('no command that somebody may copy fetches zerodrop by its name, which nobody owns at npm yet', async () => {
  const fetching = /\bnpx (?!--no\b)[^`]*\bzerodrop\b|\bnpm (?:i|install|add|exec)\b[^`]*\szerodrop(?:[@`\s]|$)/;
  expect('npx --yes zerodrop@0.2.0 guard').toMatch(fetching);
  const files = (await trackedFiles('.')).filter((file) =>
    /\.(?:md|ya?ml|sh)$|^release\/|^packages\/.*\/src\//.test(file),
  );
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (fetching.test(line) ? [`${file}:${index + 1}: ${line}`] : [])),
  );
  expect(found).toEqual([]);
  const manifest: { devDependencies: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(manifest.devDependencies['zerodrop']).toBe('file:packages/zerodrop');
});
