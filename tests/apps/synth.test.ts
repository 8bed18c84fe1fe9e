import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { synthesize } from '../../apps/synthesize.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { googleOf, samples } from '../cluster/sample.ts';
import { projectFiles, projectWith } from '../settings/sample.ts';

const project = join(import.meta.dirname, '../..');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synth-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function write(changed: Partial<Settings> = {}, web: Readonly<WebService> = {}): Promise<void> {
  const { settings } = samples.demo;
  for (const [path, text] of projectFiles({ ...projectWith(web, settings), settings: { ...settings, ...changed } })) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** The program. Where it makes no difference, its part that renders is called instead. */
async function program(...args: readonly string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=zerodrop-source', '--import', import.meta.resolve('tsx'), join(project, 'apps/main.ts'), ...args],
      { cwd: directory },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Returns what it told. */
async function synth(): Promise<string> {
  let told = '';
  await synthesize(directory, (text) => (told += text));
  return told;
}

test('says what it made, how much of Google that is, what changed, and what comes with the first release', async () => {
  await write();
  await expect(synth()).resolves.toBe(
    [
      'synth: 4 files rendered, changed argocd/web-production.yaml, argocd/web.project.yaml, manifests/production/web/namespace.yaml, manifests/production/web/web.yaml',
      'synth: no release yet for web-production: the Deployment, with replicas and all that is in it, comes with the first',
      'synth: bootstrap, platform, argocd in cdktf.out/ (2 to 3 nodes, 2 public addresses, load balancers: 1), changed cluster/snapshots/bootstrap.json, cluster/snapshots/platform.json, cluster/snapshots/argocd.json',
      '',
    ].join('\n'),
  );
});

const google = { ...googleOf(samples.demo), region: 'mars' };
const services = [{ name: 'web', image: 'asia-southeast2-docker.pkg.dev/other-1/zerodrop/web' }];

test.each<readonly [string, Partial<Settings>, Readonly<WebService>, string]>([
  ['each', { clusters: [{ name: 'main', google }] }, {}, "google.region is 'mars', expected a region"],
  ['image', { services }, {}, 'which is not in project example-project'],
  [
    'owner',
    { repository: 'https://github.com/acme/shop' },
    {},
    "google.project is still 'example-project', the example's",
  ],
  [
    'apps',
    {},
    { unchecked: { because: 'typing error', minReadySeconds: 3e9 } },
    'spec.minReadySeconds is 3000000000. Expected',
  ],
])('writes nothing at all where a part is wrong: %s', async (_part, changed, web, words) => {
  await write(changed, web);
  await expect(synth()).rejects.toThrow(words);
  await expect(readdir(directory)).resolves.toEqual(['apps', 'settings.ts']);
});

test('keeps a state that is nowhere else, and writes nothing then', async () => {
  await mkdir(join(directory, 'cdktf.out/stacks/bootstrap'), { recursive: true });
  await writeFile(join(directory, 'cdktf.out/stacks/bootstrap/terraform.tfstate'), '{}');
  await write();
  await expect(synth()).rejects.toThrow(/terraform\.tfstate is Terraform state that only this machine has/);
  await expect(readdir(directory)).resolves.toEqual(['apps', 'cdktf.out', 'settings.ts']);
});

test('writes nothing where a folder that an image is built from is missing', async () => {
  await write({ services: [{ name: 'web', image: 'example.com/web', build: { context: 'web' } }] });
  await expect(synth()).rejects.toThrow("services.web.build.context is 'web', but there is no such folder.");
  await expect(readdir(directory)).resolves.toEqual(['apps', 'settings.ts']);
});

test('ends with code 2 and the sentence alone for wrong settings', async () => {
  await write({ clusters: [{ name: 'main', google }] });
  const wrong = await program();
  const sentence = /^settings\.ts: .*google\.region is 'mars', expected a region .+\n$/;
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});
