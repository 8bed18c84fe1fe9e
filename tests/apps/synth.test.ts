import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { samples } from './sample.ts';

const project = join(import.meta.dirname, '../..');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'main-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function synth(google: object) {
  const define = pathToFileURL(join(project, 'settings/define.ts')).href;
  const text = JSON.stringify({ ...samples.demo, google: { ...samples.demo.google, ...google } });
  await writeFile(
    join(directory, 'settings.ts'),
    `import { defineSettings } from '${define}';\nexport const settings = defineSettings(${text});\n`,
  );
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), join(project, 'cluster/main.ts')],
      { cwd: directory },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('says what it made, how much of Google that is, and what changed', async () => {
  await expect(synth({})).resolves.toEqual({
    code: 0,
    stdout:
      'synth: bootstrap, platform, argocd in cdktf.out/ (2 to 3 nodes, 2 public addresses, load balancers: 1), changed cluster/snapshots/bootstrap.json, cluster/snapshots/platform.json, cluster/snapshots/argocd.json\n',
    stderr: '',
  });
});

test('ends with the sentences of wrong settings, and touches nothing', async () => {
  await expect(synth({ region: 'mars', network: { pods: '10.244.0.0/28' } })).resolves.toEqual({
    code: 2,
    stdout: '',
    stderr:
      "settings.ts: google.region is 'mars', expected a region such as 'europe-west1', not a zone.\n" +
      'settings.ts: google.network.pods is a /28, but each of up to 4 nodes takes a /24 of it for its pods. Use a /22 or larger.\n',
  });
});

test('keeps a state that is nowhere else', async () => {
  await mkdir(join(directory, 'cdktf.out/stacks/bootstrap'), { recursive: true });
  await writeFile(join(directory, 'cdktf.out/stacks/bootstrap/terraform.tfstate'), '{}');
  const { code, stderr } = await synth({});
  expect(code).toBe(1);
  expect(stderr).toMatch(/terraform\.tfstate is Terraform state that only this machine has.*\n$/);
});
