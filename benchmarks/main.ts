// npm run benchmark -- --helm PATH --kustomize PATH
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { userEnvironment } from 'zerodrop/git';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    helm: { type: 'string', default: 'helm' },
    kustomize: { type: 'string', default: 'kustomize' },
  },
});
const count = Number(values.services);
/** How long one run may take. */
const giveUpMs = 60_000;
const code = ['apps', 'cluster', 'github', 'packages', 'release', 'settings', 'package.json', 'tsconfig.json'];
const node = ['--conditions=zerodrop-source', '--import', 'tsx'];
const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-benchmark-'));
process.exitCode = measureAll() ? 0 : 1;

/** A command that is measured as a whole process. */
interface Scene {
  readonly says: string;
  /** Null for a peer. */
  readonly limitSeconds: number | null;
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
}

/** Prints a row for each scene: the fastest of three runs. True where each stays below its limit. */
function measureAll(): boolean {
  try {
    process.stdout.write(`${count} services, Node.js ${process.version}, ${cpus().length} processors\n\n`);
    process.stdout.write('| command | seconds | processor seconds | limit |\n| --- | --- | --- | --- |\n');
    return scenes()
      .map((scene) => {
        const firstRun = timed(scene);
        // What takes so long is not asked again.
        const again = typeof firstRun === 'string' ? [] : [timed(scene), timed(scene)];
        const [best] = [firstRun, ...again]
          .filter((run) => typeof run !== 'string')
          .toSorted((a, b) => a.seconds - b.seconds);
        const limit = scene.limitSeconds === null ? '' : `${scene.limitSeconds} s`;
        const took =
          best === undefined
            ? `${String(firstRun)} | `
            : `${best.seconds.toFixed(2)} | ${best.processorSeconds.toFixed(2)}`;
        process.stdout.write(`| ${scene.says} | ${took} | ${limit} |\n`);
        return scene.limitSeconds === null || (best !== undefined && best.seconds < scene.limitSeconds);
      })
      .every((isFast) => isFast);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What one run took, or why that is not known. Throws where it fails, with its last words. */
function timed({ program, args, directory }: Scene): { seconds: number; processorSeconds: number } | string {
  const [startedAt, before] = [performance.now(), childSeconds()];
  const ran = spawnSync(program, args, {
    cwd: directory,
    env: userEnvironment(process.env),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
    timeout: giveUpMs,
  });
  if (ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ENOENT') return 'not there';
  if (ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ETIMEDOUT')
    return `more than ${giveUpMs / 1_000}`;
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${ran.stderr || ran.stdout}`);
  return { seconds: (performance.now() - startedAt) / 1_000, processorSeconds: childSeconds() - before };
}

/** The processor time of all children that have ended, in seconds: fields 16 and 17 of proc(5), in hundredths. 0 elsewhere than on Linux. */
function childSeconds(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}

function scenes(): readonly Scene[] {
  const clone = path.join(folder, 'clone');
  makeClone(clone);
  const synth = { program: process.execPath, args: [...node, 'apps/main.ts'], directory: clone };
  execFileSync(synth.program, synth.args, { cwd: clone, stdio: 'pipe', env: userEnvironment(process.env) });
  git(clone, 'init', '--quiet', '--initial-branch=main');
  commit(clone, 'Begin');
  const changed = `manifests/production/service-${count - 1}/service-${count - 1}.yaml`;
  const text = readFileSync(path.join(clone, changed), 'utf8');
  writeFileSync(path.join(clone, changed), text.replaceAll('a'.repeat(64), 'b'.repeat(64)));
  commit(clone, 'Release');
  const guard = ['packages/zerodrop/src/cli.ts', 'guard', '--base', 'HEAD~1', '--manifests', 'manifests'];
  const files = renderedFiles(clone);
  return [
    { says: 'npm run synth', limitSeconds: 5, ...synth },
    {
      says: `zerodrop guard, one of ${files.length} rendered files changed`,
      limitSeconds: 2,
      program: process.execPath,
      args: [...node, ...guard],
      directory: clone,
    },
    { says: 'helm template, the same objects', limitSeconds: null, ...chart(files, clone) },
    { says: 'kustomize build, the same objects', limitSeconds: null, ...kustomization(files, clone) },
  ];
}

/** A repository with as many services, each of which is released in one environment. */
function makeClone(clone: string): void {
  mkdirSync(clone);
  for (const name of code) cpSync(name, path.join(clone, name), { recursive: true, filter: isCode });
  for (const name of ['services', 'images']) rmSync(path.join(clone, 'apps', name), { recursive: true, force: true });
  symlinkSync(path.resolve('node_modules'), path.join(clone, 'node_modules'));
  writeFileSync(path.join(clone, '.gitignore'), 'node_modules\ncdktf.out\n');
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const settings = {
    repository: 'https://github.com/acme/shop',
    services: names.map((name) => ({ name, image: image(name) })),
    environments: [{ name: 'production' }],
    clusters: [{ name: 'main', google: { project: 'my-project', region: 'europe-west4' } }],
  };
  writeFileSync(path.join(clone, 'settings.ts'), `export const settings = ${JSON.stringify(settings)};\n`);
  for (const made of ['apps/services', 'apps/images/production'])
    mkdirSync(path.join(clone, made), { recursive: true });
  for (const name of names) {
    writeFileSync(
      path.join(clone, `apps/services/${name}.ts`),
      `import { webService } from '../workload/define.ts';\n\nexport default webService({ exposure: 'cluster-ip', replicas: 3 });\n`,
    );
    const pin = { image: `${image(name)}:1.0.0@sha256:${'a'.repeat(64)}`, source: 'c'.repeat(40) };
    writeFileSync(path.join(clone, `apps/images/production/${name}.json`), JSON.stringify(pin));
  }
}

function image(name: string): string {
  return `europe-docker.pkg.dev/my-project/apps/${name}`;
}

function isCode(from: string): boolean {
  return !/node_modules|\/dist$/.test(from);
}

function renderedFiles(clone: string): readonly string[] {
  return readdirSync(path.join(clone, 'manifests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
}

function chart(files: readonly string[], clone: string): Pick<Scene, 'program' | 'args' | 'directory'> {
  const directory = path.join(folder, 'chart');
  mkdirSync(path.join(directory, 'templates'), { recursive: true });
  writeFileSync(path.join(directory, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  for (const file of files) {
    const text = readFileSync(path.join(clone, 'manifests', file), 'utf8');
    writeFileSync(path.join(directory, 'templates', file.replaceAll('/', '_')), text);
  }
  return { program: values.helm, args: ['template', 'shop', '.'], directory };
}

function kustomization(files: readonly string[], clone: string): Pick<Scene, 'program' | 'args' | 'directory'> {
  const directory = path.join(folder, 'kustomization');
  cpSync(path.join(clone, 'manifests'), directory, { recursive: true });
  writeFileSync(
    path.join(directory, 'kustomization.yaml'),
    `resources:\n${files.map((file) => `- ${file}\n`).join('')}`,
  );
  return { program: values.kustomize, args: ['build', '.'], directory };
}

function git(directory: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', directory, ...identity, ...args], { stdio: 'pipe', env: userEnvironment(process.env) });
}

function commit(directory: string, message: string): void {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', message);
}
