import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Project } from '../../apps/project.ts';
import { emptyOutput, footprint, sayFootprint } from '../../cluster/synthesize.ts';
import { larger, projectWith } from '../settings/sample.ts';
import { clusterOf, exposed, googleOf, sample, samples, synthesize } from './sample.ts';

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

describe('the folder of synthesized stacks', () => {
  let outdir: string;

  beforeEach(async () => {
    outdir = await mkdtemp(join(tmpdir(), 'cdktf-'));
  });

  afterEach(async () => {
    await rm(outdir, { recursive: true });
  });

  async function put(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(outdir, path)), { recursive: true });
      await writeFile(join(outdir, path), '{}');
    }
  }

  async function files(): Promise<string[]> {
    const found = await readdir(outdir, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(outdir.length + 1))
      .toSorted();
  }

  test('takes away what a synth has written, and stacks that are no more', async () => {
    await put('manifest.json', 'stacks/platform/cdk.tf.json', 'stacks/platform/tfplan', 'stacks/gone/cdk.tf.json');
    await emptyOutput(outdir, ['']);
    await expect(files()).resolves.toEqual([]);
    await expect(readdir(join(outdir, 'stacks'))).resolves.toEqual(['platform']);
  });

  test('leaves what terraform init has put there', async () => {
    const kept = ['stacks/argocd/.terraform.lock.hcl', 'stacks/argocd/.terraform/providers/helm'];
    await put(...kept, 'stacks/argocd/.terraform/terraform.tfstate', 'stacks/argocd/cdk.tf.json');
    await emptyOutput(outdir, ['']);
    await expect(files()).resolves.toEqual([...kept, 'stacks/argocd/.terraform/terraform.tfstate'].toSorted());
  });

  test('refuses to delete a state that is nowhere else, and then deletes nothing', async () => {
    await put('manifest.json', 'stacks/bootstrap/terraform.tfstate');
    await expect(emptyOutput(outdir, [''])).rejects.toThrow(
      'stacks/bootstrap/terraform.tfstate is Terraform state that only this machine has, and npm run synth would delete it. Move it to the bucket with terraform init -migrate-state, then run npm run synth again.',
    );
    await expect(files()).resolves.toEqual(['manifest.json', 'stacks/bootstrap/terraform.tfstate']);
  });

  test('is content with a folder that is not there', async () => {
    await expect(emptyOutput(join(outdir, 'none'), [''])).resolves.toBeUndefined();
  });
});

/** The same cluster with two environments. */
function twice(size: 'production' | 'demo'): Project {
  const { settings } = sample({ size });
  return projectWith({}, { ...settings, environments: [{ name: 'staging' }, { name: 'production' }] });
}

describe('the footprint of a cluster', () => {
  test('counts nodes over zones, and an address for each balancer beside NAT', () => {
    expect(footprint(clusterOf(twice('production')))).toEqual({
      nodes: { least: 3, most: 9 },
      diskGbPerNode: 50,
      addresses: 3,
      networkBalancers: 2,
      applicationBalancers: 0,
    });
  });

  test('counts the Gateway of a public Argo CD, and no balancer for what is not exposed', () => {
    const { settings } = samples.everything;
    expect(footprint(clusterOf(projectWith({ exposure: 'cluster-ip' }, settings)))).toMatchObject({
      addresses: 2,
      networkBalancers: 0,
      applicationBalancers: 1,
    });
  });

  test.each(['production', 'demo'] as const)('is what docs/how-to/bring-up.md compares for %s', (size) => {
    const it = footprint(clusterOf(twice(size)));
    const row = new RegExp(
      String.raw`^\| \`${size}\` \|.* ${it.nodes.least} to ${it.nodes.most} \| .*${it.diskGbPerNode} GB.* \| ${it.addresses} or more \| ${it.networkBalancers} \| ${it.applicationBalancers} \|`,
      'm',
    );
    expect(readFileSync('docs/how-to/bring-up.md', 'utf8')).toMatch(row);
  });

  test('is said in half a sentence', () => {
    expect(sayFootprint(footprint(clusterOf(exposed.gateway)))).toBe(
      '3 to 9 nodes, 2 public addresses, load balancers: 1',
    );
  });
});
