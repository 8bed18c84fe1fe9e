import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { googleOf, sample, samples, synthesize } from './sample.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('writes each stack as Terraform reads it, and its snapshot', async () => {
  await expect(synthesize(samples.production, directory)).resolves.toEqual({
    stacks: ['bootstrap', 'platform', 'argocd'],
    changed: ['cluster/snapshots/bootstrap.json', 'cluster/snapshots/platform.json', 'cluster/snapshots/argocd.json'],
  });
  await expect(readdir(join(directory, 'cdktf.out/stacks/platform'))).resolves.toEqual(['cdk.tf.json']);
  const snapshot = await readFile(join(directory, 'cluster/snapshots/platform.json'), 'utf8');
  const json: unknown = JSON.parse(await readFile(join(directory, 'cdktf.out/stacks/platform/cdk.tf.json'), 'utf8'));
  expect(json).toMatchObject(JSON.parse(snapshot));
  expect(snapshot).not.toContain('"//"');
  expect(snapshot.endsWith('}\n')).toBe(true);
});

test('writes the same bytes again, and says that nothing changed', async () => {
  await synthesize(samples.everything, directory);
  const read = async () => readFile(join(directory, 'cdktf.out/stacks/argocd/cdk.tf.json'), 'utf8');
  const first = await read();
  await expect(synthesize(samples.everything, directory)).resolves.toMatchObject({ changed: [] });
  await expect(read()).resolves.toBe(first);
});

test('says which stacks a setting changes', async () => {
  await synthesize(samples.demo, directory);
  const hotter = sample({ ...googleOf(samples.demo), maintenanceHourUtc: 3 });
  await expect(synthesize(hotter, directory)).resolves.toMatchObject({
    changed: ['cluster/snapshots/platform.json'],
  });
});

test('puts the committed checksums of the providers beside their stack', async () => {
  await mkdir(join(directory, 'cluster/locks'), { recursive: true });
  await writeFile(join(directory, 'cluster/locks/argocd.hcl'), 'provider "x" {}\n');
  await synthesize(samples.demo, directory);
  await expect(readFile(join(directory, 'cdktf.out/stacks/argocd/.terraform.lock.hcl'), 'utf8')).resolves.toBe(
    'provider "x" {}\n',
  );
});
