// npm run frameworks -w zerodrop -- --folder DIR [--only NAME[,NAME]] [--runs N]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `npm run frameworks -w zerodrop -- --folder DIR [--only NAME[,NAME]] [--runs N]

Rehearses public web servers as they come, with their documented graceful shutdown, and with a preStop sleep of 5 s. Installs them into
DIR at the versions of benchmarks/frameworks.json, adds what it measures to benchmarks/frameworks-measured.json, and writes
docs/frameworks.md of the repository anew.
`;

/** A web server that nobody here wrote. {npm}, {apt}, {python} and {files} stand for where its parts are installed. */
interface Framework {
  readonly name: string;
  readonly language: string;
  readonly npm?: readonly string[];
  readonly pip?: readonly string[];
  readonly apt?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly build?: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly command: readonly string[];
  /** Null where it shuts down gracefully as it comes, or documents no way to. */
  readonly graceful: readonly string[] | null;
}

type Variant = 'comes' | 'graceful' | 'drain';

/** One play: what each rollout lost, and how long the whole took. */
interface Measured {
  readonly verdict: string;
  readonly lost: readonly number[];
  readonly requests: readonly number[];
  readonly seconds: number;
}

type Results = Readonly<Record<string, Partial<Record<Variant, readonly Measured[]>>>>;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h' },
  },
});
const own = import.meta.dirname;
/** The command, from its sources. */
const rehearse = `const { main } = await import(${JSON.stringify(pathToFileURL(path.join(own, '../src/cli.ts')).href)});
process.exitCode = await main(process.argv.slice(1));`;
const measuredFile = path.join(own, 'frameworks-measured.json');
const frameworks: readonly Framework[] = JSON.parse(readFileSync(path.join(own, 'frameworks.json'), 'utf8'));

if (values.help === true || values.folder === undefined) {
  process.stdout.write(usage);
  process.exitCode = values.help === true ? 0 : 2;
} else {
  measureAll(path.resolve(values.folder), values.only?.split(',') ?? null, Number(values.runs));
}

function measureAll(folder: string, only: readonly string[] | null, runs: number): void {
  const wanted = frameworks.filter(({ name }) => only === null || only.includes(name));
  for (const framework of wanted) {
    const places = install(framework, folder);
    for (const variant of ['comes', 'drain', 'graceful'] as const) {
      const command = variant === 'graceful' ? framework.graceful : framework.command;
      if (command === null) continue;
      while ((results()[framework.name]?.[variant]?.length ?? 0) < runs) {
        const measured = play(framework, variant, command, places, folder);
        process.stdout.write(`${framework.name}, ${variant}: ${JSON.stringify(measured)}\n`);
        add(framework.name, variant, measured);
      }
    }
  }
  writeFileSync(path.join(own, '../../../docs/frameworks.md'), page(results()));
}

function results(): Results {
  return existsSync(measuredFile) ? JSON.parse(readFileSync(measuredFile, 'utf8')) : {};
}

function add(name: string, variant: Variant, measured: Measured): void {
  const all = results();
  const before = all[name]?.[variant] ?? [];
  const changed = { ...all, [name]: { ...all[name], [variant]: [...before, measured] } };
  writeFileSync(measuredFile, `${JSON.stringify(changed, null, 2)}\n`);
}

/** Installs what a framework needs. Returns where its parts are. */
function install(
  { name, npm = [], pip = [], apt = [], files, build = [] }: Framework,
  folder: string,
): Readonly<Record<string, string>> {
  const at = path.join(folder, name.replaceAll(/[^\w.-]+/g, '_'));
  const places = {
    files: path.join(at, 'files'),
    npm: path.join(at, 'files', 'node_modules'),
    apt: path.join(at, 'root'),
    python: pip.length === 0 ? 'python3' : path.join(at, 'venv', 'bin', 'python'),
  };
  if (existsSync(path.join(at, 'installed'))) return places;
  for (const [file, text] of Object.entries(files)) {
    const to = path.join(places.files, file);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, filled(text, places));
  }
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (npm.length > 0) run('npm', 'install', '--no-audit', '--no-fund', '--silent', '--prefix', places.files, ...npm);
  if (pip.length > 0) {
    run('python3', '-m', 'venv', 'venv');
    run(places.python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pip);
  }
  if (apt.length > 0) {
    run('apt-get', 'download', '-qq', '-o', 'APT::Sandbox::User=root', ...apt);
    const packages = run('find', '.', '-maxdepth', '1', '-name', '*.deb').trim().split('\n');
    for (const archive of packages) run('dpkg', '-x', archive, 'root');
  }
  for (const [program = '', ...args] of build) run(program, ...args.map((word) => filled(word, places)));
  writeFileSync(path.join(at, 'installed'), '');
  return places;
}

function filled(text: string, places: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}

function play(
  { path: asked = '/', env = {} }: Framework,
  variant: Variant,
  command: readonly string[],
  places: Readonly<Record<string, string>>,
  folder: string,
): Measured {
  const manifests = path.join(folder, `${variant}.json`);
  writeFileSync(manifests, JSON.stringify(manifestsOf(asked, variant === 'drain')));
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--conditions=zerodrop-source',
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      rehearse,
      'rehearse',
      manifests,
      '--command',
      JSON.stringify(command.map((word) => filled(word, places))),
      '--control',
      'none',
      '--json',
      '--report',
      path.join(folder, 'report'),
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${filled(value, places)}`]),
    ],
    { encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 28 },
  );
  if (![0, 1, 4].includes(status ?? 3)) throw new Error(`It could not be rehearsed: ${stderr.slice(-2_000)}`);
  const report = JSON.parse(stdout) as { verdict: string; rollouts: { failed: number; requests: number }[] };
  return {
    verdict: report.verdict,
    lost: report.rollouts.map(({ failed }) => failed),
    requests: report.rollouts.map(({ requests }) => requests),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

/** Plain manifests: three pods that become ready by a probe, and a Service. */
function manifestsOf(asked: string, drains: boolean): object {
  const labels = { app: 'web' };
  const container = {
    name: 'web',
    image: 'example.com/web:1',
    ports: [{ containerPort: 3_000 }],
    readinessProbe: { httpGet: { path: asked, port: 3_000 }, periodSeconds: 1 },
    ...(drains ? { lifecycle: { preStop: { sleep: { seconds: 5 } } } } : {}),
  };
  const pod = { terminationGracePeriodSeconds: drains ? 15 : 10, containers: [container] };
  const template = { metadata: { labels }, spec: pod };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: 3, selector: { matchLabels: labels }, template },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: labels, ports: [{ port: 80, targetPort: 3_000 }] },
      },
    ],
  };
}

function page(all: Results): string {
  const rows = frameworks.flatMap(({ name, language, npm, pip, apt, graceful }) => {
    const measured = all[name];
    if (measured === undefined) return [];
    const version =
      [...(npm ?? []), ...(pip ?? []), ...(apt ?? [])].find((one) => one !== undefined) ?? 'of the machine';
    const shown = graceful === null ? '' : cell(measured.graceful);
    return `| ${name} | ${language} | ${version} | ${cell(measured.comes)} | ${shown} | ${cell(measured.drain)} |`;
  });
  return `# What web servers lose in a rollout

Each is rehearsed on the embedded cluster: three pods, 100 requests per second on kept connections and 100 on new ones, an endpoint lag
of 1 s, a release and its revert. A cell has the fewest and the most requests that one rollout lost, of how many plays, and the longest
time until the verdict. An empty cell was not measured; *graceful* is empty too where a server documents no shutdown of its own to add.

- **as it comes**: the command of its documentation, and a grace period of 10 s;
- **graceful**: with the shutdown that its documentation shows;
- **drain**: as it comes, with \`lifecycle.preStop.sleep\` of 5 s and a grace period of 15 s.

A pod's program is the first process of its namespace, as in a container. A program without a handler for SIGTERM is not ended by it
there, but killed at the end of the grace period: its new connections are safe, and whoever keeps one loses it.

| server | language | version | as it comes | graceful | drain |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

This page is made by \`npm run frameworks -w zerodrop -- --folder DIR\`, from
[its list](../packages/zerodrop/benchmarks/frameworks.json) and
[what was measured](../packages/zerodrop/benchmarks/frameworks-measured.json).
A play that another program disturbed is inconclusive, and counts with what it saw.
`;
}

function cell(plays: readonly Measured[] | undefined): string {
  if (plays === undefined || plays.length === 0) return '';
  const lost = plays.flatMap((one) => one.lost);
  const [least, most] = [Math.min(...lost), Math.max(...lost)];
  const spread = least === most ? `${least}` : `${least} to ${most}`;
  const seconds = Math.max(...plays.map((one) => one.seconds));
  return `${spread} (${plays.length}, ${seconds} s)`;
}
