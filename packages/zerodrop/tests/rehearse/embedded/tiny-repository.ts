import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImageRequest } from '../../../src/rehearse/kubernetes/build.ts';

const server = 'https://kubernetes.default.svc';
const namespace = 'tiny-staging';
const labels = { 'app.kubernetes.io/name': 'tiny' };

/** A service of a dozen lines that answers its version, starts late, and ends at once when it is told to. */
const serviceSource = (version: string, startupMs: number): string => `
  const { createServer } = require('node:http');
  const server = createServer((request, response) => {
    response.setHeader('x-version', ${JSON.stringify(version)});
    response.end(JSON.stringify({ version: ${JSON.stringify(version)}, pod: process.env.POD_NAME, host: process.env.HOSTNAME }));
  });
  console.log('starting ' + ${JSON.stringify(version)});
  setTimeout(() => server.listen(process.env.PORT, process.env.HOST), ${startupMs});
  process.on('SIGTERM', () => process.exit(0));
`;

/** Builds the service, in no time. */
export async function build({ version, startupMs }: ImageRequest, out: string): Promise<void> {
  await writeFile(out, serviceSource(version, startupMs));
}

/** A working copy with a bare remote of its own, and one environment called staging. */
export interface TinyRepository {
  readonly directory: string;
  readonly remote: string;
  readonly folder: string;
  /** Writes a file with one document for each object, as JSON, which is YAML too. */
  write(file: string, ...objects: readonly object[]): void;
  writeText(file: string, text: string): void;
  writeNamespace(): void;
  remove(file: string): void;
  /** Commits everything, pushes it to main, and returns the commit. */
  push(): string;
  /** Removes all of it. */
  dispose(): void;
}

/** Makes one with `argocd/` and a namespace; nothing is pushed yet. */
export function makeTinyRepository(): TinyRepository {
  const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  const directory = path.join(folder, 'clone');
  const remote = path.join(folder, 'remote.git');
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@zerodrop.invalid', ...args], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  git('clone', '--quiet', remote, directory);

  const writeText = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  };
  const write = (file: string, ...objects: readonly object[]): void =>
    writeText(file, objects.map((object) => JSON.stringify(object, null, 2)).join('\n---\n'));
  const repository = pathToFileURL(remote).href;
  write('argocd/project.yaml', project(repository));
  write('argocd/staging.yaml', application(repository));
  const writeNamespace = (): void => write('manifests/staging/namespace.yaml', namespaceObject);
  writeNamespace();
  return {
    directory,
    remote,
    folder,
    write,
    writeText,
    writeNamespace,
    remove: (file) => rmSync(path.join(directory, file)),
    push() {
      git('-C', directory, 'add', '--all');
      git('-C', directory, 'commit', '--quiet', '--allow-empty', '--message', 'Change');
      git('-C', directory, 'push', '--quiet', 'origin', 'HEAD:main');
      return git('-C', directory, 'rev-parse', 'HEAD');
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const namespaceObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm' } },
};

/** A project that permits what the tiny service is made of. */
function project(repository: string): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'tiny', namespace: 'argocd' },
    spec: {
      sourceRepos: [repository],
      destinations: [{ server, namespace }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: namespace }],
      namespaceResourceWhitelist: [
        { group: '', kind: 'Service' },
        { group: '', kind: 'ServiceAccount' },
        { group: 'apps', kind: 'Deployment' },
        { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
        { group: 'policy', kind: 'PodDisruptionBudget' },
      ],
    },
  };
}

function application(repository: string): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'tiny-staging', namespace: 'argocd' },
    spec: {
      project: 'tiny',
      source: { repoURL: repository, targetRevision: 'main', path: 'manifests/staging' },
      destination: { server, namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 0 },
        syncOptions: ['PruneLast=true', 'RespectIgnoreDifferences=true'],
      },
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
    },
  };
}

export const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'tiny' },
  spec: { type: 'LoadBalancer', selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
};

export function serviceAccount(name: string): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
}

/** A Deployment of two pods that is available as soon as they answer. */
export function deployment(image: string, spec: object = {}): object {
  const field = { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'tiny' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: 'tiny',
              image,
              env: [{ name: 'POD_NAME', valueFrom: field }],
              ports: [{ name: 'http', containerPort: 8_080 }],
              readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
            },
          ],
        },
      },
      ...spec,
    },
  };
}
