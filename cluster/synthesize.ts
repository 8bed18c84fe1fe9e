import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'cdktf';
import { OperationError } from 'zerodrop/errors';
import { gatewaysOf } from '../apps/exposure.ts';
import type { Project } from '../apps/project.ts';
import { leftFromExample } from '../settings/cross-checks.ts';
import { SettingsError } from '../settings/sentences.ts';
import { type ClusterProject, clustersOf } from './cluster-project.ts';
import { stackNames, terraformStacks, vanished } from './stack.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap, platform } from './stacks/google.ts';
import { type JsonObject, type Stacks, writeSnapshots } from './terraform-json.ts';

/** What Google counts in its bill, as numbers; the prices are Google's and change. */
export interface Footprint {
  /** Nodes with nothing to do, and when the autoscaler has added all it may. */
  readonly nodes: { readonly least: number; readonly most: number };
  readonly diskGbPerNode: number;
  /** Public IPv4 addresses; Cloud NAT takes more than its one when connections need them. */
  readonly addresses: number;
  /** Network load balancers, one for each target that has one. */
  readonly networkBalancers: number;
  /** Application load balancers: Argo CD's Gateway, and one for each environment that has one. */
  readonly applicationBalancers: number;
}

/** How much of Google a cluster takes. */
export function footprint({ google, targets }: Pick<ClusterProject, 'google' | 'targets'>): Footprint {
  const { minimumPerZone, maximumPerZone, diskGb } = google.nodes;
  const networkBalancers = targets.filter(({ workload }) => workload.exposure === 'load-balancer').length;
  const applicationBalancers = (google.argocd.domain === null ? 0 : 1) + gatewaysOf(targets).length;
  return {
    nodes: { least: minimumPerZone * google.zones, most: maximumPerZone * google.zones },
    diskGbPerNode: diskGb,
    addresses: 1 + networkBalancers + applicationBalancers,
    networkBalancers,
    applicationBalancers,
  };
}

/** A footprint as half a sentence. */
export function sayFootprint(it: Footprint): string {
  const balancers = it.networkBalancers + it.applicationBalancers;
  return `${it.nodes.least} to ${it.nodes.most} nodes, ${it.addresses} public addresses, load balancers: ${balancers}`;
}

/** What a synth wrote for one cluster. */
export interface Synthesized {
  /** Where its stacks are, in the working copy. */
  readonly outdir: string;
  readonly stacks: readonly string[];
  readonly size: Footprint;
}

/** What a synth wrote: for each cluster, and the snapshots that differ from before. */
export interface Written {
  readonly clusters: readonly Synthesized[];
  readonly changed: readonly string[];
}

const output = 'cdktf.out';

/**
 * Makes the stacks of each cluster in memory, and returns what writes them: as Terraform JSON into `cdktf.out/` of a working copy, and
 * their snapshots into `cluster/snapshots/`. Throws before anything is written: a {@link SettingsError} for settings of two owners, and an
 * {@link OperationError} where a state would be lost.
 */
export async function prepareCluster(project: Project, directory: string): Promise<() => Promise<Written>> {
  const left = leftFromExample(project.settings);
  if (left.length > 0) throw new SettingsError(left);
  const made = await Promise.all(
    clustersOf(project).map(async (cluster) => {
      const outdir = `${output}/${cluster.folder}`;
      // CDKTF makes the folder of an app with the app, and none above it.
      await mkdir(join(directory, outdir), { recursive: true });
      const app = compose(cluster, join(directory, outdir));
      const stacks = stacksOf(app);
      return { cluster, app, stacks, outdir, lost: vanished(app, stacks) };
    }),
  );
  const lost = made.flatMap((one) => one.lost);
  if (lost.length > 0) throw new Error(lost.join('\n'));
  await requireNoState(join(directory, output));
  return async () => {
    await emptyOutput(
      join(directory, output),
      made.map(({ cluster }) => cluster.folder),
    );
    for (const { app, stacks, outdir } of made) {
      withoutStackTraces(() => app.synth());
      for (const stack of stacks.keys()) await copyLock(directory, outdir, stack);
    }
    return {
      clusters: made.map(({ cluster, stacks, outdir }) => ({
        outdir,
        stacks: [...stacks.keys()],
        size: footprint(cluster),
      })),
      changed: await writeSnapshots(directory, new Map(made.map(({ cluster, stacks }) => [cluster.folder, stacks]))),
    };
  };
}

/** Puts the committed checksums of the providers beside a stack, where there are some: docs/how-to/bring-up.md. */
async function copyLock(directory: string, outdir: string, stack: string): Promise<void> {
  // The providers of a stack are the same for every cluster.
  const lock = join(directory, 'cluster', 'locks', `${stack}.hcl`);
  await cp(lock, join(directory, outdir, 'stacks', stack, '.terraform.lock.hcl')).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}

async function entries(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

/** Makes sure that no state lies in the folder of synthesized stacks, of this or of a former cluster. */
async function requireNoState(outdir: string): Promise<void> {
  for (const cluster of ['.', ...(await entries(outdir))]) {
    const stacks = join(outdir, cluster, 'stacks');
    for (const stack of await entries(stacks)) {
      const state = (await entries(join(stacks, stack))).find((name) => name.endsWith('.tfstate'));
      if (state === undefined) continue;
      throw new OperationError(
        `${join(stacks, stack, state)} is Terraform state that only this machine has, and npm run synth would delete it. Move it to the bucket with terraform init -migrate-state, then run npm run synth again.`,
      );
    }
  }
}

/**
 * Empties the folder of synthesized stacks, so that what is gone is gone. What `terraform init` has put beside a stack stays: providers
 * are 100 MB and more. Throws an {@link OperationError} when a state lies there, and deletes nothing then.
 *
 * @param folders those of the clusters, empty for an only one
 */
export async function emptyOutput(outdir: string, folders: readonly string[]): Promise<void> {
  await requireNoState(outdir);
  const kept = new Set(folders.map((folder) => (folder === '' ? 'stacks' : folder.slice(0, -1))));
  for (const name of await entries(outdir)) if (!kept.has(name)) await rm(join(outdir, name), { recursive: true });
  for (const folder of folders) {
    const cluster = join(outdir, folder);
    for (const name of await entries(cluster))
      if (name !== 'stacks') await rm(join(cluster, name), { recursive: true });
    const stacks = join(cluster, 'stacks');
    for (const stack of await entries(stacks)) {
      const isKnown = stackNames.some((name) => name === stack);
      for (const name of await entries(join(stacks, stack))) {
        if (!isKnown || !name.startsWith('.terraform')) await rm(join(stacks, stack, name), { recursive: true });
      }
      if (!isKnown) await rm(join(stacks, stack), { recursive: true });
    }
  }
}

/** The three stacks of one cluster, in memory; `outdir` is where a synth would write them. */
export function compose(cluster: ClusterProject, outdir = 'cdktf.out'): App {
  return withoutStackTraces(() => {
    const app = new App({ outdir });
    bootstrap(app, cluster);
    const infrastructure = platform(app, cluster);
    argocd(app, cluster).addDependency(infrastructure);
    return app;
  });
}

/** What each stack would be written as. */
export function stacksOf(app: App): Stacks {
  const stacks = terraformStacks(app);
  return withoutStackTraces(() => {
    for (const stack of stacks) stack.prepareStack();
    return new Map(
      stacks.map((stack) => {
        const json: JsonObject = JSON.parse(JSON.stringify(stack.toTerraform()));
        return [stack.node.id, json];
      }),
    );
  });
}

/**
 * Runs what makes or resolves CDKTF's constructs. CDKTF takes a stack trace for each reference, and nothing here reads one: to write them
 * out takes longer than all the rest. So they are empty meanwhile. The trace of an error that is thrown is written when somebody reads it.
 */
export function withoutStackTraces<T>(make: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => '';
  try {
    return make();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
