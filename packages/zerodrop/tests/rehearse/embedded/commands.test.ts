import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RehearsalCluster } from '../../../src/rehearse/cluster.ts';
import { openEmbeddedCluster } from '../../../src/rehearse/embedded/cluster.ts';
import { findIsolation } from '../../../src/rehearse/embedded/pods/process.ts';
import { getJson } from './get.ts';
import { makeSeen } from './seen.ts';
import { build, deployment, makeTinyRepository, service, type TinyRepository } from './tiny-repository.ts';

const manifest = 'manifests/staging/tiny.yaml';
const seen = makeSeen();
let repository: TinyRepository;
let target: RehearsalCluster;
let v1: string;

/** Says what it finds in its pod, and ends only when it is killed. */
const program = `
  const { readFileSync, existsSync } = require('node:fs');
  const server = require('node:http').createServer((_, response) => response.end(JSON.stringify({
    version: process.env.VERSION, password: process.env.PASSWORD, initialized: existsSync(process.env.SHARED + '/ready'), directory: process.cwd(),
  })));
  server.listen(process.env.PORT);
  process.on('SIGTERM', () => console.log('told to end'));
`;

const node = (source: string): readonly string[] => [process.execPath, '-e', source];

beforeAll(async () => {
  repository = makeTinyRepository();
  const shared = path.join(repository.folder, 'shared');
  mkdirSync(shared);
  const isolation = await findIsolation();
  target = await openEmbeddedCluster({
    directory: repository.directory,
    remote: repository.remote,
    applications: 'argocd',
    application: 'tiny-staging',
    build,
    commands: () => ({
      commands: {
        tiny: node(program),
        prepare: node(`require('node:fs').writeFileSync(process.env.SHARED + '/ready', '')`),
        beside: node(
          `require('node:fs').writeFileSync(process.env.SHARED + '/beside', ''); process.on('SIGTERM', () => { require('node:fs').writeFileSync(process.env.SHARED + '/beside-ended', ''); process.exit(); }); setInterval(() => undefined, 1000);`,
        ),
      },
      given: { SHARED: shared },
      isolation,
      images: [],
    }),
    validate: () => [],
    image: 'registry.test/team/tiny',
    workDirectory: repository.folder,
    endpointLagMs: 0,
    observe: seen.observe,
  });
  v1 = await target.publish({ version: 'v1', revision: 'a'.repeat(40), startupMs: 0 });
});

afterAll(async () => {
  await target.close();
  repository.dispose();
});

test('runs commands with what the pod declares, in the order of their kinds', async () => {
  const [container] = at(deployment(v1)).containers;
  const spec = {
    ...at(deployment(v1)),
    initContainers: [
      { name: 'beside', image: 'registry.test/beside:1', restartPolicy: 'Always' },
      { name: 'prepare', image: 'registry.test/prepare:1' },
    ],
    containers: [
      {
        ...container,
        env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'tiny', key: 'password' } } }],
        livenessProbe: {
          exec: { command: ['sh', '-c', 'test "$PASSWORD" = hunter2'] },
          periodSeconds: 1,
          failureThreshold: 1,
        },
        lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo > "$SHARED/stopping" && sleep 0.1'] } } },
      },
    ],
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tiny' }, data: { password: 'aHVudGVyMg==' } };
  const tiny = deployment(v1);
  permitAll();
  repository.write(manifest, service, secret, {
    ...tiny,
    spec: { ...specOf(tiny), template: { ...templateOf(tiny), spec } },
  });
  repository.push();
  await target.follow();
  await seen.until('pods', ({ pods }) => pods.length === 2 && pods.every(({ state }) => state === 'ready'));
  await seen.until('endpoints', ({ ready }) => ready.length === 2);
  await expect
    .poll(async () => getJson(await target.url()).catch(() => null))
    .toMatchObject({
      version: 'v1',
      password: 'hunter2',
      initialized: true,
      directory: expect.stringContaining('tiny'),
    });
  expect(readFileSync(path.join(repository.folder, 'shared', 'beside'), 'utf8')).toBe('');

  // It does not end by itself: it is killed after its grace of two seconds.
  repository.write(manifest, service, secret);
  repository.push();
  await target.refresh();
  await seen.until('pods', ({ pods }) => pods.length === 0);
  for (const file of ['stopping', 'beside-ended']) {
    expect(readFileSync(path.join(repository.folder, 'shared', file), 'utf8').trim()).toBe('');
  }
  expect(seen.all.filter((one) => one.kind === 'warning' && one.reason !== 'Unhealthy')).toEqual([]);
});

test('says at once that a program is not there, and what a container says that ends before it listens', async () => {
  const isolation = await findIsolation();
  const stuck = await openEmbeddedCluster({
    directory: repository.directory,
    remote: repository.remote,
    applications: 'argocd',
    application: 'tiny-staging',
    build,
    commands: () => ({ commands: { tiny: ['/none/such'] }, given: {}, isolation, images: [] }),
    validate: () => [],
    image: 'registry.test/team/tiny',
    workDirectory: path.join(repository.folder, 'stuck'),
    endpointLagMs: 0,
    observe: () => undefined,
  });
  try {
    const image = await stuck.publish({ version: 'v1', revision: 'a'.repeat(40), startupMs: 0 });
    permitAll();
    repository.write(manifest, service, deployment(image));
    repository.push();
    await stuck.follow();
    await expect(
      expect.poll(async () => stuck.refresh(), { timeout: 10_000, interval: 100 }).toBe('ended'),
    ).rejects.toThrow(/The program of container tiny ended with exit code 127, .* before it listened/);
  } finally {
    await stuck.close();
  }
});

function permitAll(): void {
  const file = path.join(repository.directory, 'argocd/project.yaml');
  const project = JSON.parse(readFileSync(file, 'utf8'));
  delete project.spec.namespaceResourceWhitelist;
  writeFileSync(file, JSON.stringify(project));
}

interface Template {
  readonly spec: { readonly containers: readonly [object] };
}

function specOf(tiny: object): { readonly template: Template } {
  return (tiny as { spec: { template: Template } }).spec;
}

function templateOf(tiny: object): Template {
  return specOf(tiny).template;
}

function at(tiny: object): Template['spec'] {
  return templateOf(tiny).spec;
}
