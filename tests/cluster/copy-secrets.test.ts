import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Project } from '../../apps/project.ts';
import { copySecrets } from '../../cluster/argocd/secrets.ts';
import { findCluster } from '../../settings/settings.ts';
import { larger, projectFiles, projectWith } from '../settings/sample.ts';
import { clusterOf, samples } from './sample.ts';

const project = join(import.meta.dirname, '../..');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copy-'));
  // Programs that do as Google's and Kubernetes' would, and write down what they were told.
  await program(
    'gcloud',
    'case "$*" in *github-app*) printf -- "-----BEGIN RSA PRIVATE KEY-----\\nabc\\n" ;; *) echo "  hunter2" ;; esac',
  );
  await program(
    'kubectl',
    `echo "$@" >> '${join(directory, 'arguments')}'; cat >> '${join(directory, 'input')}'; echo >> '${join(directory, 'input')}'`,
  );
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(directory, name), 0o755);
}

const searched = (): string => `${directory}${delimiter}${process.env['PATH'] ?? ''}`;

/** The command. Where it makes no difference, its part that copies is called instead. */
async function copyByCommand(copied: Project, ...args: readonly string[]) {
  for (const [path, text] of projectFiles(copied)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [
        '--conditions=zerodrop-source',
        '--import',
        import.meta.resolve('tsx'),
        join(project, 'cluster/copy-secrets.ts'),
        ...args,
      ],
      { cwd: directory, env: { ...process.env, PATH: searched() } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Returns what it told. */
async function copy(copied: Project, path = searched()): Promise<string> {
  vi.stubEnv('PATH', path);
  onTestFinished(() => void vi.unstubAllEnvs());
  let told = '';
  await copySecrets(clusterOf(copied), (line) => (told += line));
  return told;
}

test('copies each secret that the settings ask for into Argo CD’s namespace', async () => {
  await expect(copyByCommand(samples.everything)).resolves.toEqual({
    code: 0,
    stdout: [
      'copied zerodrop-webhook to Secret argocd-webhook',
      'copied zerodrop-single-sign-on to Secret argocd-single-sign-on',
      'copied zerodrop-github-app to Secret argocd-notifications-secret',
      'copied zerodrop-github-app to Secret argocd-repository',
      '',
    ].join('\n'),
    stderr: '',
  });
  const documents = (await readFile(join(directory, 'input'), 'utf8'))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(documents.filter((document) => JSON.stringify(document).includes('"Namespace"'))).toHaveLength(4);
  expect(documents).toContainEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-webhook', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    type: 'Opaque',
    // hunter2
    data: { secret: 'aHVudGVyMg==' },
  });
  expect(documents).toContainEqual(
    expect.objectContaining({
      data: base64({
        type: 'git',
        url: 'https://github.com/example/zerodrop',
        githubAppID: '33',
        githubAppInstallationID: '44',
        githubAppPrivateKey: '-----BEGIN RSA PRIVATE KEY-----\nabc\n',
      }),
    }),
  );
});

function base64(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}

test('puts no value where another process could read it', async () => {
  await copy(samples.everything);
  const told = await readFile(join(directory, 'arguments'), 'utf8');
  expect(told).toContain('apply --server-side');
  expect(told).not.toMatch(/hunter2|aHVudGVyMg/);
});

test('reaches the settings’ own cluster, whichever context is current', async () => {
  await copy(samples.everything);
  const told = (await readFile(join(directory, 'arguments'), 'utf8')).trim().split('\n');
  expect(told).toHaveLength(8);
  for (const line of told) expect(line).toMatch(/^--context=gke_example-project_asia-southeast2_zerodrop apply /);
});

test('has nothing to do where no secret is asked for', async () => {
  await expect(copy(samples.demo)).resolves.toBe('The settings ask for no secret: nothing to copy.\n');
});

test('ends with what the program said, and without the value', async () => {
  await program('kubectl', 'cat > /dev/null; echo "Unauthorized" >&2; exit 1');
  const { code, stderr } = await copyByCommand(samples.everything);
  expect(code).toBe(3);
  expect(stderr).toBe(
    'kubectl --context=gke_example-project_asia-southeast2_zerodrop apply --server-side --field-manager=zerodrop --force-conflicts -f -: Unauthorized\n' +
      'If the context is missing or old: gcloud container clusters get-credentials zerodrop --location asia-southeast2 --project example-project --dns-endpoint\n',
  );
});

test('refuses an empty secret, and says how to fill it', async () => {
  await program('gcloud', 'echo');
  await expect(copy(samples.everything)).rejects.toThrow(
    'Secret zerodrop-webhook of project example-project is empty. Add a version: gcloud secrets versions add zerodrop-webhook --data-file=FILE.',
  );
});

test('says which program is missing', async () => {
  await rm(join(directory, 'gcloud'));
  await expect(copy(samples.everything, directory)).rejects.toThrow(
    'gcloud is not installed, or not on PATH. Fix that, and run this again.',
  );
});

test('asks which cluster where there are several', async () => {
  expect(findCluster(undefined, larger)).toBe('--cluster is missing, but settings.ts has main, west.');
  await expect(copyByCommand(projectWith({}, larger), '--cluster', 'wst')).resolves.toMatchObject({
    code: 2,
    stderr: '--cluster is "wst", but settings.ts has main, west. Did you mean west?\n',
  });
});
