import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Project } from '../../apps/project.ts';
import { checkCluster } from '../../cluster/check.ts';
import { readSnapshots } from '../../cluster/terraform-json.ts';
import type { GoogleSettings } from '../../settings/google.ts';
import { projectFiles, projectWith } from '../settings/sample.ts';
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
  const known = JSON.stringify(project.settings);
  const snapshots = rendered.get(known) ?? (await snapshotsOf(project));
  rendered.set(known, snapshots);
  await rm(join(directory, 'cluster'), { recursive: true, force: true });
  for (const [path, text] of snapshots) await put(path, text);
  await git('add', 'cluster');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Change the cluster');
}

/** Snapshots that were rendered before, by the settings that they are of. */
const rendered = new Map<string, ReadonlyMap<string, string>>();

async function snapshotsOf(project: Project): Promise<ReadonlyMap<string, string>> {
  await synthesize(project, directory);
  return readSnapshots(directory);
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
}

/** The settings that the check reads. */
async function write(project: Project): Promise<void> {
  for (const [path, text] of projectFiles(project)) await put(path, text);
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

/** What the check says of a branch with these settings. */
async function changeTo(project: Project): Promise<string[]> {
  await git('switch', '--quiet', '--create', 'change');
  await write(project);
  await commit(project);
  return checkCluster(directory);
}

describe('with a second cluster', () => {
  const image = 'asia-southeast2-docker.pkg.dev/own-project/zerodrop/web';

  /** The sample's cluster by this name, and others beside it. */
  function several(names: Readonly<Record<string, Partial<GoogleSettings>>>): Project {
    const { settings } = exampleSample({ project: 'own-project' }, image);
    const entries = Object.entries(names);
    return projectWith(
      { exposure: 'cluster-ip' },
      {
        ...settings,
        repository: 'https://github.com/acme/shop',
        environments: entries.map(([cluster]) => ({ name: `on-${cluster}`, cluster })),
        clusters: entries.map(([name, google]) => ({
          name,
          google: { project: 'own-project', region: 'asia-southeast2', ...google },
        })),
      },
    );
  }

  test('re-creates nothing of the first, whatever that is called in the settings', async () => {
    await commit(sample({}));
    await expect(changeTo(several({ first: {}, west: { name: 'west' } }))).resolves.toEqual([]);
  });

  test('still knows each by its state when one gets another name in the settings', async () => {
    await commit(several({ main: {}, west: { name: 'west' } }));
    await expect(changeTo(several({ main: {}, pacific: { name: 'west' } }))).resolves.toEqual([]);
  });

  test('refuses what would re-create one of them, and says which', async () => {
    await commit(several({ main: {}, west: { name: 'west' } }));
    const found = await changeTo(several({ main: {}, west: { name: 'west', size: 'demo' } }));
    expect(found).toContainEqual(
      expect.stringContaining('west/platform: google_container_cluster.cluster.location changes from'),
    );
    expect(found.filter((problem) => !problem.startsWith('west/'))).toEqual([]);
  });

  test('refuses one that gets another name at Google, which is another cluster', async () => {
    await commit(several({ main: {}, west: { name: 'west' } }));
    const found = await changeTo(several({ main: {}, west: { name: 'pacific' } }));
    expect(found).toContainEqual(
      expect.stringContaining('west/platform: google_container_cluster.cluster.name changes'),
    );
  });

  test('refuses to forget one that runs, until it is allowed', async () => {
    await commit(several({ main: {}, west: { name: 'west' } }));
    await expect(changeTo(sample({}))).resolves.toEqual([
      "settings.ts has the cluster own-project/west no longer, but removing it there takes nothing down: it goes on running, and no plan shows it. Take it down first (docs/how-to/take-down.md), then allow it in the settings of another cluster: google.allowRecreation: ['own-project/west'].",
    ]);
    const allowed = sample({ allowRecreation: ['own-project/west'] });
    await write(allowed);
    await commit(allowed);
    await expect(checkCluster(directory)).resolves.toEqual([]);
  });
});
