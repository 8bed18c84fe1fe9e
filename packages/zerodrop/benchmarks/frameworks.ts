// npm run frameworks -w zerodrop -- --folder DIR [--only NAME[,NAME]] [--runs N] [--minutes N] [--install] [--page]
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Framework,
  isTrusted,
  manifestsOf,
  type Measured,
  page,
  type Result,
  type Results,
  settings,
  type Variant,
  variants,
} from './frameworks-page.ts';

const usage = `npm run frameworks -w zerodrop -- --folder DIR [options]

Rehearses public web servers as they come, with a preStop sleep, and with their documented graceful shutdown. Installs them into DIR at
the versions of benchmarks/frameworks.json, adds each play to benchmarks/frameworks-measured.json, and writes docs/frameworks.md of the
repository anew. What is measured already is not measured again: end it at any time, and go on with the same command.

  --only NAME[,NAME]  these servers (all)
  --runs N            so many conclusive plays of each cell (3)
  --minutes N         begin no play after so many minutes
  --at-once N         so many plays beside each other (2)
  --install           only install
  --page              only write the page
`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '2' },
    install: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const own = import.meta.dirname;
/** The command, from its sources. */
const rehearse = `const { main } = await import(${JSON.stringify(pathToFileURL(path.join(own, '../src/cli.ts')).href)});
process.exitCode = await main(process.argv.slice(1));`;
const measuredFile = path.join(own, 'frameworks-measured.json');
const frameworks: readonly Framework[] = JSON.parse(readFileSync(path.join(own, 'frameworks.json'), 'utf8'));
/** A cell that other programs keep disturbing is given up after so many plays more than are wanted. */
const disturbedAtMost = 3;
const endsAt = Date.now() + 60_000 * Number(values.minutes);

if (values.help === true || (values.folder === undefined && !values.page)) {
  process.stdout.write(usage);
  process.exitCode = values.help === true ? 0 : 2;
} else {
  if (values.folder !== undefined && !values.page) {
    const only = values.only?.split(',') ?? null;
    const wanted = frameworks.filter(({ name }) => only === null || only.includes(name));
    const folder = path.resolve(values.folder);
    const installed = wanted.filter((framework) => isInstalled(framework, folder));
    if (!values.install) await measureAll(installed, folder, Number(values.runs));
  }
  writeFileSync(path.join(own, '../../../docs/frameworks.md'), page(frameworks, results()));
}

interface Cell {
  readonly framework: Framework;
  readonly variant: Variant;
  readonly command: readonly string[];
}

/** One play of each cell, and then the next: whenever it is ended, every server has as many as the others. */
async function measureAll(wanted: readonly Framework[], folder: string, runs: number): Promise<void> {
  const cells = variants.flatMap((variant) =>
    wanted.flatMap((framework): readonly Cell[] => {
      const command = variant === 'graceful' ? framework.graceful : framework.command;
      return typeof command === 'string' ? [] : [{ framework, variant, command }];
    }),
  );
  for (let round = 1; round <= runs + disturbedAtMost; round += 1) {
    const left = cells.filter((cell) => isDue(cell, round, runs)).values();
    const worker = async (): Promise<void> => {
      for (const cell of left) if (Date.now() < endsAt) await measure(cell, folder);
    };
    await Promise.all(Array.from({ length: Number(values['at-once']) }, worker));
  }
}

function isDue({ framework: { name }, variant }: Cell, round: number, runs: number): boolean {
  const { plays, problems } = resultOf(name);
  const made = plays[variant] ?? [];
  return made.length < round && made.filter(isTrusted).length < runs && problems?.[variant] === undefined;
}

async function measure({ framework, variant, command }: Cell, folder: string): Promise<void> {
  const { name } = framework;
  const measured = await play(framework, variant, command, folder);
  process.stdout.write(`${name}, ${variant}: ${JSON.stringify(measured)}\n`);
  const { version, plays, problems } = resultOf(name);
  write(
    name,
    typeof measured === 'string'
      ? { version, plays, problems: { ...problems, [variant]: measured } }
      : { ...resultOf(name), plays: { ...plays, [variant]: [...(plays[variant] ?? []), measured] } },
  );
}

function results(): Results {
  return existsSync(measuredFile) ? JSON.parse(readFileSync(measuredFile, 'utf8')) : {};
}

function resultOf(name: string): Result {
  return results()[name] ?? { version: '', plays: {} };
}

function write(name: string, result: Result): void {
  writeFileSync(measuredFile, `${JSON.stringify({ ...results(), [name]: result }, null, 2)}\n`);
}

function placesOf({ name, pip = [] }: Framework, folder: string): Readonly<Record<string, string>> {
  const at = path.join(folder, name.replaceAll(/[^\w.-]+/g, '_'));
  return {
    at,
    files: path.join(at, 'files'),
    npm: path.join(at, 'files', 'node_modules'),
    apt: path.join(at, 'root'),
    python: pip.length === 0 ? 'python3' : path.join(at, 'venv', 'bin', 'python'),
  };
}

/** Installs what a framework needs, and notes its version, or why it can't be installed. */
function isInstalled(framework: Framework, folder: string): boolean {
  const { name } = framework;
  const places = placesOf(framework, folder);
  const done = path.join(places['at'] ?? '', 'installed');
  try {
    if (!existsSync(done)) install(framework, places);
    writeFileSync(done, '');
    const { npm = [], pip = [], apt = [], versionCommand = [] } = framework;
    const [program, ...args] = versionCommand.map((word) => filled(word, places));
    const [package_ = ''] = [...npm, ...pip, ...apt];
    const version = program === undefined ? package_ : firstLine(spawnSync(program, args, { encoding: 'utf8' }));
    const { plays, problems = {} } = resultOf(name);
    const { install: _, ...others } = problems;
    write(name, { version, plays, ...(Object.keys(others).length === 0 ? {} : { problems: others }) });
    return true;
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    process.stdout.write(`${name}: ${why}\n`);
    write(name, { ...resultOf(name), problems: { ...resultOf(name).problems, install: why } });
    return false;
  }
}

function firstLine({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}${stderr}`.split('\n')[0] ?? '';
}

function install(framework: Framework, places: Readonly<Record<string, string>>): void {
  const { npm = [], pip = [], apt = [], files, build = [] } = framework;
  const { at = '', files: to = '', python = '' } = places;
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    writeFileSync(path.join(to, file), filled(text, places));
  }
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (npm.length > 0) run('npm', 'install', '--no-audit', '--no-fund', '--silent', '--prefix', to, ...npm);
  if (pip.length > 0) {
    run('python3', '-m', 'venv', 'venv');
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pip);
  }
  if (apt.length > 0) {
    run('apt-get', 'download', '-qq', '-o', 'APT::Sandbox::User=root', ...apt);
    const packages = run('find', '.', '-maxdepth', '1', '-name', '*.deb').trim().split('\n');
    for (const archive of packages) run('dpkg', '-x', archive, 'root');
  }
  for (const [program = '', ...args] of build) run(program, ...args.map((word) => filled(word, places)));
}

function filled(text: string, places: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}

/** Plays once. Returns why it could not be rehearsed where it could not. */
async function play(
  framework: Framework,
  variant: Variant,
  command: readonly string[],
  folder: string,
): Promise<Measured | string> {
  const { path: asked = '/', env = {} } = framework;
  const places = placesOf(framework, folder);
  const manifests = path.join(folder, `${variant}.json`);
  writeFileSync(manifests, JSON.stringify(manifestsOf(asked, variant === 'drain')));
  const program = JSON.stringify(command.map((word) => filled(word, places)));
  const given = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${filled(value, places)}`]);
  const load = ['--rate', String(settings.rate), '--endpoint-lag-ms', String(settings.endpointLagMs)];
  const report = path.join(places['at'] ?? folder, 'report');
  const node = ['--conditions=zerodrop-source', '--import', 'tsx', '--input-type=module', '--eval', rehearse];
  const words = ['rehearse', manifests, '--command', program, '--control', 'none', '--json', '--report', report];
  const startedAt = performance.now();
  const { status, stdout, stderr } = await ran([...node, ...words, ...load, ...given]);
  if (![0, 1, 4].includes(status)) return lastLines(stderr);
  const { verdict, rollouts } = JSON.parse(stdout) as {
    verdict: string;
    rollouts: { failed: number; requests: number }[];
  };
  // A play that ends before its first rollout says why in its report.
  if (rollouts.length === 0) return lastLines(stderr);
  return {
    verdict,
    lost: rollouts.map(({ failed }) => failed),
    requests: rollouts.map(({ requests }) => requests),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

async function ran(args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const limits = { timeout: 300_000, maxBuffer: 2 ** 28 };
    const child = execFile(process.execPath, args, limits, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? 3, stdout, stderr }),
    );
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').replaceAll(/\s+/g, ' ').slice(0, 300);
}
