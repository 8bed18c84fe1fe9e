import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userEnvironment } from 'zerodrop/git';
import { renderHere } from '../release/render-here.ts';

const execute = promisify(execFile);
const node = ['--conditions=zerodrop-source', '--import', 'tsx'];

// What somebody writes who has one service and wants a second.
const settings = `import { defineSettings } from './settings/define.ts';

export const settings = defineSettings({
  repository: 'https://github.com/acme/shop',
  services: [
    { name: 'web', image: 'europe-west4-docker.pkg.dev/acme-1/apps/web' },
  ],
  environments: [{ name: 'staging' }, { name: 'production', after: 'staging' }],
  clusters: [{ name: 'main', google: { project: 'acme-1', region: 'europe-west4' } }],
});
`;
const web = `import { webService } from '../workload/define.ts';

export default webService({ exposure: 'load-balancer', replicas: 3 });
`;
const second: Readonly<Record<string, string>> = {
  'settings.ts': settings.replace(
    '  ],\n  environments',
    "    { name: 'api', image: 'europe-west4-docker.pkg.dev/acme-1/apps/api', build: { context: 'api' } },\n  ],\n  environments",
  ),
  'apps/services/api.ts': `import { webService } from '../workload/define.ts';

export default webService({
  exposure: 'cluster-ip',
  autoscale: { min: 2, max: 10 },
  config: { LOG_LEVEL: 'info' },
  env: { DATABASE_URL: { secret: 'api-database', key: 'url' } },
});
`,
  'api/Dockerfile': `FROM golang:1.26@sha256:${'1'.repeat(64)} AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /api .

FROM gcr.io/distroless/static-debian13:nonroot@sha256:${'2'.repeat(64)}
COPY --from=build /api /api
ENTRYPOINT ["/api"]
`,
};

let folder: string;
let directory: string;

async function run(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...userEnvironment(process.env), VITEST: undefined };
  return execute(program, args, { cwd: directory, env }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${args.join(' ')} failed:\n${error.stdout}${error.stderr}`);
    },
  );
}

const git = async (...args: readonly string[]): Promise<string> =>
  run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args);

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-second-'));
  directory = path.join(folder, 'clone');
  await mkdir(directory);
  // What a release and a synth read of the repository.
  const read = [
    'apps',
    'cluster',
    'github',
    'packages',
    'release',
    'settings',
    'package.json',
    'tsconfig.json',
    '.gitignore',
  ];
  await Promise.all(
    read.map((name) =>
      cp(name, path.join(directory, name), { recursive: true, filter: (from) => !/node_modules|\/dist$/.test(from) }),
    ),
  );
  await rm(path.join(directory, 'apps/services'), { recursive: true });
  await rm(path.join(directory, 'apps/images'), { recursive: true, force: true });
  await symlink(path.resolve('node_modules'), path.join(directory, 'node_modules'));
  await write({ 'settings.ts': settings, 'apps/services/web.ts': web });
  await renderHere(directory);
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'Ada');
  await git('config', 'user.email', 'ada@example.com');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Begin');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a second service with a ConfigMap, a Secret, an autoscaler and an image of its own takes 3 files and 40 lines', async () => {
  await write(second);
  await git('add', '--all');
  const written = (await git('diff', '--cached', '--numstat')).trim().split('\n');
  const lines = written.map((line) => Number(line.split('\t')[0]));
  expect(written.length).toBeLessThanOrEqual(3);
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(40);

  await run(process.execPath, ...node, 'apps/main.ts');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Add api');
  const source = (await git('rev-parse', 'HEAD')).trim();
  const remote = path.join(folder, 'remote.git');
  await git('clone', '--quiet', '--bare', directory, remote);
  await git('remote', 'add', 'origin', remote);

  const image = `europe-west4-docker.pkg.dev/acme-1/apps/api:1.0.0@sha256:${'3'.repeat(64)}`;
  const asked = ['--service', 'api', '--environment', 'staging', '--image', image, '--source', source];
  await run(process.execPath, ...node, 'release/main.ts', 'publish', ...asked);

  await git('fetch', '--quiet', 'origin');
  expect((await git('log', '-1', '--format=%s', 'origin/main')).trim()).toBe('Release api 1.0.0 to staging');
  const released = await git('show', 'origin/main:manifests/staging/api/api.yaml');
  for (const part of [`image: ${image}`, 'kind: ConfigMap', 'kind: HorizontalPodAutoscaler', 'name: api-database']) {
    expect(released).toContain(part);
  }
  expect(await readFile(path.join(directory, 'argocd/api.project.yaml'), 'utf8')).toContain('HorizontalPodAutoscaler');
}, 60_000);
