import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settings } from '../settings/sample.ts';

const project = join(import.meta.dirname, '../..');
const tsx = import.meta.resolve('tsx');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synth-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function writeSettings(replicas: number, more: object = {}, others: object = {}): Promise<void> {
  const define = pathToFileURL(join(project, 'settings/define.ts')).href;
  const environments = { production: { namespace: 'web', replicas, exposure: 'node-port', ...more }, ...others };
  const text = JSON.stringify({ ...settings, environments });
  await writeFile(
    join(directory, 'settings.ts'),
    `import { defineSettings } from '${define}';\nexport const settings = defineSettings(${text});\n`,
  );
}

async function synth(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', tsx, join(project, 'apps/main.ts'), ...args],
      { cwd: directory },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('renders the files of a working copy, and says what changed', async () => {
  await writeSettings(3);
  await expect(synth()).resolves.toEqual({
    code: 0,
    stdout:
      'synth: 4 files rendered, changed argocd/production.yaml, argocd/project.yaml, manifests/production/namespace.yaml, manifests/production/web.yaml\n',
    stderr: '',
  });
  await expect(synth()).resolves.toMatchObject({ code: 0, stdout: 'synth: 4 files rendered, nothing changed\n' });
});

test('with --environment renders that one alone, whatever is wrong with another', async () => {
  await writeSettings(3, {}, { staging: { namespace: 'web-staging', replicas: 2, exposure: 'node-port' } });
  await mkdir(join(directory, 'apps/images'), { recursive: true });
  await mkdir(join(directory, 'manifests/staging'), { recursive: true });
  await writeFile(join(directory, 'apps/images/staging.json'), 'no pin');
  await writeFile(join(directory, 'manifests/staging/binary.yaml'), Buffer.from([0xff]));
  await expect(synth()).resolves.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('apps/images/staging.json'),
  });
  const own = ['argocd/production.yaml', 'argocd/project.yaml', 'manifests/production/namespace.yaml'];
  await expect(synth('--environment', 'production')).resolves.toEqual({
    code: 0,
    stdout: `synth: 4 files rendered, changed ${own.join(', ')}, manifests/production/web.yaml\n`,
    stderr: '',
  });
  await expect(readFile(join(directory, 'manifests/staging/binary.yaml'))).resolves.toEqual(Buffer.from([0xff]));
});

test.each([
  [['--environment', '../..'], "settings.ts: environments has no '../..', only production.\n"],
  [['--all'], "npm run synth: Unknown option '--all'"],
])('%j is refused, with nothing touched', async (args, sentence) => {
  await writeSettings(3);
  await expect(synth(...args)).resolves.toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  await expect(readFile(join(directory, 'settings.ts'), 'utf8')).resolves.toContain('defineSettings');
});

test('ends with the sentence of a wrong setting, code 2, and nothing touched', async () => {
  await writeSettings(3);
  await synth();
  await writeSettings(1);
  await expect(synth()).resolves.toEqual({
    code: 2,
    stdout: '',
    stderr:
      'settings.ts: environments.production.replicas is 1, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.\n',
  });
  await expect(readFile(join(directory, 'argocd/production.yaml'), 'utf8')).resolves.toContain('web-production');
});

test('ends with the sentence of a malformed pin', async () => {
  await writeSettings(3);
  await mkdir(join(directory, 'apps/images'), { recursive: true });
  await writeFile(join(directory, 'apps/images/production.json'), '{');
  await expect(synth()).resolves.toEqual({
    code: 2,
    stdout: '',
    stderr: 'apps/images/production.json is not JSON. Restore it from git, or release again.\n',
  });
});

test('ends with the sentence of what the cluster would refuse, code 2, and nothing written', async () => {
  await writeSettings(3, { unchecked: { because: 'a typing error', minReadySeconds: 3e9 } });
  const { code, stdout, stderr } = await synth();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    /^manifests\/production\/: Deployment web\/web: spec\.minReadySeconds is 3000000000\. Expected/,
  );
  expect(stderr).not.toContain('    at ');
  await expect(readFile(join(directory, 'argocd/production.yaml'), 'utf8')).rejects.toThrow('ENOENT');
});
