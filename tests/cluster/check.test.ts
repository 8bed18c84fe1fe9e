import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Project } from '../../apps/project.ts';
import { checkCluster } from '../../cluster/check.ts';
import type { GoogleSettings } from '../../settings/google.ts';
import { projectFiles } from '../settings/sample.ts';
import { sample as exampleSample, synthesize } from './sample.ts';

const execute = promisify(execFile);

/** A cluster that somebody runs. */
function sample(google: Partial<GoogleSettings>, region = 'asia-southeast2'): Project {
  const image = `${region}-docker.pkg.dev/own-project/zerodrop/web`;
  const { settings, targets } = exampleSample({ project: 'own-project', region, ...google }, image);
  return { settings: { ...settings, repository: 'https://github.com/acme/shop' }, targets };
}

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'check-'));
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'A Test');
  await git('config', 'user.email', 'test@example.com');
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function git(...args: readonly string[]): Promise<void> {
  await execute('git', ['-C', directory, ...args]);
}

/** Commits what these settings are synthesized to, as a person does before a pull request. */
async function commit(project: Project): Promise<void> {
  await synthesize(project, directory);
  await git('add', 'cluster');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Change the cluster');
}

/** The settings that the check reads. */
async function write(project: Project): Promise<void> {
  for (const [path, text] of projectFiles(project)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

test('is content with what main has', async () => {
  await write(sample({}));
  await commit(sample({}));
  await expect(checkCluster(directory)).resolves.toEqual([]);
});

test('is content with the first commit of a cluster', async () => {
  await git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
  await git('switch', '--quiet', '--create', 'cluster');
  await write(sample({}));
  await commit(sample({}));
  await expect(checkCluster(directory)).resolves.toEqual([]);
});

test('refuses on a branch what would re-create the cluster of main', async () => {
  await commit(sample({}));
  await git('switch', '--quiet', '--create', 'move');
  await write(sample({}, 'europe-west1'));
  await commit(sample({}, 'europe-west1'));
  await expect(checkCluster(directory)).resolves.toEqual([
    expect.stringContaining('google_storage_bucket.state.location changes from'),
    expect.stringContaining('google_compute_subnetwork.subnet.region changes from'),
    expect.stringContaining('google_compute_router.router.region changes from'),
    expect.stringContaining('google_compute_router_nat.nat.region changes from'),
    expect.stringContaining(
      'google_container_cluster.cluster.location changes from "asia-southeast2" to "europe-west1"',
    ),
    expect.stringContaining('google_container_node_pool.nodes.location changes from'),
    expect.stringContaining('google_artifact_registry_repository.images.location changes from'),
  ]);
});

test('lets a new owner begin with a place of their own', async () => {
  await commit(exampleSample({}));
  await git('switch', '--quiet', '--create', 'ours');
  const ours = sample({}, 'europe-west1');
  await write(ours);
  await commit(ours);
  await expect(checkCluster(directory)).resolves.toEqual([]);
});

test('lets it through by name, and compares with where the branch left main', async () => {
  await commit(sample({}));
  await git('switch', '--quiet', '--create', 'calmer');
  const settings = sample({
    stateBucket: 'another-bucket',
    network: { pods: '10.128.0.0/14' },
    allowRecreation: [
      'google_storage_bucket.state.name',
      'bootstrap.backend.bucket',
      'platform.backend.bucket',
      'argocd.backend.bucket',
    ],
  });
  await write(settings);
  await commit(settings);
  await git('switch', '--quiet', 'main');
  await commit(sample({ name: 'other' }));
  await git('switch', '--quiet', 'calmer');
  // Main has moved on since, which is not this branch's doing.
  await expect(checkCluster(directory)).resolves.toEqual([]);
});

test('refuses snapshots that nobody rendered', async () => {
  await write(sample({}));
  await commit(sample({}));
  const path = join(directory, 'cluster/snapshots/platform.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('e2-standard-2', 'e2-standard-4'));
  await rm(join(directory, 'cluster/snapshots/argocd.json'));
  await expect(checkCluster(directory)).resolves.toEqual([
    'cluster/snapshots/platform.json is not what cluster/ renders. Run npm run synth and commit the result.',
    'cluster/snapshots/argocd.json is missing. Run npm run synth and commit the result.',
  ]);
});

test('refuses to take down by a merge', async () => {
  await write(sample({ teardown: true }));
  await commit(sample({ teardown: true }));
  await expect(checkCluster(directory)).resolves.toEqual([
    expect.stringContaining('deletion_protection is false, expected true, so one apply could delete the cluster.'),
    expect.stringContaining('google_container_cluster.cluster: lifecycle.prevent_destroy is false'),
    expect.stringContaining('google_artifact_registry_repository.images: lifecycle.prevent_destroy is false'),
  ]);
});

test('says so where there is no main to compare with', async () => {
  await write(sample({}));
  await commit(sample({}));
  await git('branch', '--move', 'elsewhere');
  await expect(checkCluster(directory)).resolves.toEqual([
    expect.stringContaining('The branch main can’t be found here'),
  ]);
});
