import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { trackedFiles } from '../../checks/tools.ts';
import { run } from '../../pipeline/run.ts';
import { commands as releaseCommands } from '../../release/run.ts';

const page = readFileSync('docs/how-to/bring-up.md', 'utf8');
const pages = (await trackedFiles('.')).filter((file) => file.endsWith('.md') && existsSync(file));
const scriptsOf = (file: string): Readonly<Record<string, string>> => JSON.parse(readFileSync(file, 'utf8')).scripts;
const scripts = scriptsOf('package.json');
const ofPackage = scriptsOf('packages/zerodrop/package.json');

/** What a person types of a page's blocks: a command a line, without remarks. */
function typed(markdown: string): string[] {
  return [...markdown.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

/** The same, and the commands in its sentences. */
function named(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [
    ...typed(markdown),
    ...[...prose.matchAll(/`((?:npm run|gh workflow) [^`\n]+)`/g)].map(([, code = '']) => code),
  ];
}

/** The words of a command up to what a shell makes of the rest. */
function words(command: string): string[] {
  return command.split(/ (?:>>?|\||&&|;) /)[0]?.split(' ') ?? [];
}

test('bring-up takes at most 15 commands, each by itself', () => {
  const commands = typed(page).filter((command) => !command.startsWith('cd '));

  expect(commands.length).toBeGreaterThan(10);
  expect(commands.length).toBeLessThanOrEqual(15);
  expect(page).toContain(`: ${commands.length} commands, one edit`);
  for (const command of commands) expect(command).toMatch(/^(?:gcloud|gh|git|npm) [^&|;`$]+$/);
});

const all = pages.flatMap((file) => named(readFileSync(file, 'utf8')).map((command) => [file, command] as const));

test('each npm script that a page names exists', () => {
  const unknown = all.flatMap(([file, command]) => {
    const [, name] = /\bnpm run (?:--silent )?([\w-]+)/.exec(command) ?? [];
    const known = / -w zerodrop\b/.test(command) ? ofPackage : scripts;
    return name !== undefined && known[name] === undefined ? [`${file}: ${command}`] : [];
  });

  expect(all.length).toBeGreaterThan(50);
  expect(unknown).toEqual([]);
});

test('each command of the pipeline that a page names takes what it is given', async () => {
  const wrong: string[] = [];
  let count = 0;
  for (const [file, command] of all) {
    const [, given = ''] = /^npm run (?:--silent )?pipeline -- ([^#]+)/.exec(command) ?? [];
    // `COMMAND` stands for any, and what is in brackets may be left out.
    if (given === '' || /\[|\bCOMMAND\b|--help/.test(given)) continue;
    count += 1;
    // Options are read in their order, and before anything is done: the last is the first that is refused.
    const { exitCode, stderr } = await run([...words(given.trim()), '--no-such-option']);
    if (exitCode !== 2 || !stderr.includes("Unknown option '--no-such-option'"))
      wrong.push(`${file}: ${command}: ${stderr}`);
  }

  expect(count).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

test('each command of a release that a page names exists, with its options', async () => {
  const wrong: string[] = [];
  for (const [file, command] of all) {
    const [, name = '', given = ''] = /^npm run (?:--silent )?release -- ([\w-]+)(.*)/.exec(command) ?? [];
    if (name === '' || /^[A-Z]+$/.test(name)) continue;
    const ended = Object.hasOwn(releaseCommands, name)
      ? await Object(releaseCommands)[name](['--help'], new AbortController().signal)
      : { stdout: '' };
    const lacking = words(given).filter((word) => word.startsWith('--') && !ended.stdout.includes(word.split('=')[0]));
    if (ended.stdout === '' || lacking.length > 0) wrong.push(`${file}: ${command}`);
  }

  expect(wrong).toEqual([]);
});

test('each workflow that a page starts or stops exists, and takes its inputs', () => {
  const wrong = all.flatMap(([file, command]) => {
    const [, verb, name = '', rest = ''] = /^gh workflow (run|enable|disable) ([\w-]+\.yaml)(.*)$/.exec(command) ?? [];
    if (verb === undefined) return [];
    const path = `.github/workflows/${name}`;
    if (!existsSync(path)) return [`${file}: ${command}: there is no ${path}`];
    const { on }: { on: Readonly<Record<string, { inputs?: object } | null>> } = parse(readFileSync(path, 'utf8'));
    if (verb === 'run' && !Object.hasOwn(on, 'workflow_dispatch')) return [`${file}: ${command}: nobody may start it`];
    const inputs = Object.keys(on['workflow_dispatch']?.inputs ?? {});
    const given = [...rest.matchAll(/(?:-f|--field|--raw-field) (\w+)=/g)].map(([, input = '']) => input);
    return given.filter((input) => !inputs.includes(input)).map((input) => `${file}: ${command}: no input ${input}`);
  });

  expect(all.some(([, command]) => command === 'gh workflow run release.yaml')).toBe(true);
  expect(wrong).toEqual([]);
});

/** The cells of the row that begins with these words. */
function row(begin: string): string[] {
  const line = page.split('\n').find((one) => one.startsWith(`| ${begin}`)) ?? '';
  return line
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1);
}

const cents = (amount: number): string => amount.toFixed(2);

test('the costs are the numbers of nodes and disks times the prices that are said', () => {
  const hours = 730;
  const prices = (begin: string): number[] =>
    [...(row(begin)[0] ?? '').matchAll(/\b0\.\d+/g)].map(([price]) => Number(price));
  const sizes = ['production', 'demo'].map((size) => {
    const cells =
      page
        .split('\n')
        .find((line) => line.startsWith(`| \`${size}\` |`))
        ?.split('|') ?? [];
    const [least = 0, most = 0] = (cells[3] ?? '').split(' to ').map(Number);
    return { least, most, diskGb: Number(/(\d+) GB/.exec(cells[4] ?? '')?.[1]) };
  });
  const [production, demo] = sizes;
  const columns = [
    { nodes: production?.least ?? 0, diskGb: production?.diskGb ?? 0 },
    { nodes: production?.most ?? 0, diskGb: production?.diskGb ?? 0 },
    { nodes: demo?.least ?? 0, diskGb: demo?.diskGb ?? 0 },
  ];
  const [node = 0] = prices('nodes: ');
  const [disk = 0] = prices('their disks');
  const [fee = 0] = prices("the cluster's fee");
  const [nat = 0, address = 0] = prices('Cloud NAT');
  const sums = columns.map(({ nodes, diskGb }) => [
    nodes * node * hours,
    nodes * diskGb * disk,
    fee * hours,
    (nodes * nat + address) * hours,
  ]);

  for (const [index, begin] of ['nodes: ', 'their disks', "the cluster's fee", 'Cloud NAT'].entries())
    expect(row(begin).slice(1)).toEqual(sums.map((sum) => cents(sum[index] ?? 0)));
  expect(row('together').slice(1)).toEqual(
    sums.map((sum) => cents(sum.reduce((total, one) => total + Number(cents(one)), 0))),
  );
});
