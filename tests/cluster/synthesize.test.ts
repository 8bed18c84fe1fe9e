import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { footprint } from '../../cluster/footprint.ts';
import { larger, projectWith } from '../settings/sample.ts';
import { clusterOf, googleOf, sample, samples, synthesize } from './sample.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('writes each stack as Terraform reads it, and its snapshot', async () => {
  await expect(synthesize(samples.production, directory)).resolves.toEqual({
    clusters: [
      {
        outdir: 'cdktf.out/',
        stacks: ['bootstrap', 'platform', 'argocd'],
        size: footprint(clusterOf(samples.production)),
      },
    ],
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

test('gives each of several clusters folders of its own, and takes away those of an only one', async () => {
  await synthesize(samples.production, directory);
  const { clusters, changed } = await synthesize(projectWith({}, larger), directory);
  expect(clusters.map(({ outdir }) => outdir)).toEqual(['cdktf.out/main/', 'cdktf.out/west/']);
  await expect(readdir(join(directory, 'cdktf.out'))).resolves.toEqual(['main', 'west']);
  await expect(readdir(join(directory, 'cdktf.out/west/stacks'))).resolves.toEqual(['argocd', 'bootstrap', 'platform']);
  expect(changed).toContain('cluster/snapshots/west/platform.json');
  expect(changed).toContain('cluster/snapshots/platform.json');
  await expect(readdir(join(directory, 'cluster/snapshots'))).resolves.toEqual(['main', 'west']);
  await expect(synthesize(projectWith({}, larger), directory)).resolves.toMatchObject({ changed: [] });
});

test('writes nothing where a state of a former cluster would be lost', async () => {
  await synthesize(projectWith({}, larger), directory);
  await writeFile(join(directory, 'cdktf.out/west/stacks/platform/terraform.tfstate'), '{}');
  await expect(synthesize(samples.production, directory)).rejects.toThrow('west/stacks/platform/terraform.tfstate is');
  await expect(readdir(join(directory, 'cdktf.out/west/stacks'))).resolves.toEqual(['argocd', 'bootstrap', 'platform']);
  await expect(readdir(join(directory, 'cluster/snapshots'))).resolves.toEqual(['main', 'west']);
});
