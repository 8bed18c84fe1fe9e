import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { samples } from '../cluster/sample.ts';

const project = join(import.meta.dirname, '../..');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synth-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function synth(changed: object = {}, ...args: readonly string[]) {
  const define = pathToFileURL(join(project, 'settings/define.ts')).href;
  const text = JSON.stringify({ ...samples.demo, ...changed });
  await writeFile(
    join(directory, 'settings.ts'),
    `import { defineSettings } from '${define}';\nexport const settings = defineSettings(${text});\n`,
  );
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=zerodrop-source', '--import', import.meta.resolve('tsx'), join(project, 'apps/synth.ts'), ...args],
      { cwd: directory },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('says what it made, how much of Google that is, what changed, and what comes with the first release', async () => {
  await expect(synth()).resolves.toEqual({
    code: 0,
    stdout: [
      'synth: 4 files rendered, changed argocd/production.yaml, argocd/project.yaml, manifests/production/namespace.yaml, manifests/production/web.yaml',
      'synth: no release yet for production: the Deployment, with replicas and all that is in it, comes with the first',
      'synth: bootstrap, platform, argocd in cdktf.out/ (2 to 3 nodes, 2 public addresses, load balancers: 1), changed cluster/snapshots/bootstrap.json, cluster/snapshots/platform.json, cluster/snapshots/argocd.json',
      '',
    ].join('\n'),
    stderr: '',
  });
});

const { google } = samples.demo;
const rollout = { namespace: 'web', replicas: 3, exposure: 'node-port' };

test.each([
  ['each', { google: { ...google, region: 'mars' } }, "google.region is 'mars', expected a region"],
  [
    'image',
    { image: 'asia-southeast2-docker.pkg.dev/other-1/zerodrop/web' },
    'which is not in project example-project',
  ],
  ['owner', { repository: 'https://github.com/acme/shop' }, "google.project is still 'example-project', the example's"],
  [
    'apps',
    { environments: { production: { ...rollout, unchecked: { because: 'typing error', minReadySeconds: 3e9 } } } },
    'spec.minReadySeconds is 3000000000. Expected',
  ],
])('writes nothing at all where a part is wrong: %s', async (_part, changed, words) => {
  const { code, stdout, stderr } = await synth(changed);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('    at ');
  await expect(readdir(directory)).resolves.toEqual(['settings.ts']);
});

test('keeps a state that is nowhere else, and writes nothing then', async () => {
  await mkdir(join(directory, 'cdktf.out/stacks/bootstrap'), { recursive: true });
  await writeFile(join(directory, 'cdktf.out/stacks/bootstrap/terraform.tfstate'), '{}');
  const { code, stderr } = await synth();
  expect(code).toBe(3);
  expect(stderr).toMatch(/terraform\.tfstate is Terraform state that only this machine has.*\n$/);
  await expect(readdir(directory)).resolves.toEqual(['cdktf.out', 'settings.ts']);
});

test.each([
  [['--help'], 0, 'It takes no options.'],
  [['--environment', 'production'], 2, "Unknown option '--environment'. See npm run synth -- --help."],
  [['production'], 2, '"production" is one word too many.'],
])('renders nothing for %j', async (args, code, words) => {
  const ran = await synth({}, ...args);
  expect(ran.code).toBe(code);
  expect(ran.stdout + ran.stderr).toContain(words);
  await expect(readdir(directory)).resolves.toEqual(['settings.ts']);
});
