import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilInterrupted } from 'zerodrop/command';
import { UsageError } from 'zerodrop/errors';
import { run } from 'zerodrop/program';
import { z } from 'zod';
import { loadProject } from '../apps/project.ts';
import { copySecrets } from '../cluster/argocd/secrets.ts';
import { type ClusterProject, clustersOf } from '../cluster/cluster-project.ts';
import { type StackName, stackNames } from '../cluster/stack.ts';
import { prepareCluster } from '../cluster/synthesize.ts';
import { isExampleRepository } from '../settings/cross-checks.ts';
import type { Google } from '../settings/google/resolve.ts';
import { didYouMean } from '../settings/sentences.ts';
import { type Ended, ended, isAgreed, readArguments, requiredCluster } from './command.ts';
import { firstServices } from './doctor/google.ts';
import { applyPlan, planStack, requireTerraform, stackDirectory } from './terraform.ts';

/** A program that is run, as a person would type it. */
type Command = readonly [program: string, ...args: string[]];

/** Runs a program, and returns what it printed. */
type Run = (...command: Command) => Promise<string>;

/** Whoever applies: is told what is done, and agrees before it is. */
interface Person {
  readonly tell: (text: string) => void;
  readonly agree: (question: string) => Promise<boolean>;
}

function gcloud(...args: string[]): Command {
  return ['gcloud', ...args, '--quiet'];
}

/** What Google needs before Terraform can keep a state: the services, whom its calls are counted for, and the bucket. */
export function beforeBootstrap({ project, region, stateBucket }: Google) {
  const bucket = `gs://${stateBucket}`;
  const closed = ['--uniform-bucket-level-access', '--public-access-prevention'];
  const enable = firstServices.map((name) => `${name}.googleapis.com`);
  return {
    enable: gcloud('services', 'enable', ...enable, `--project=${project}`),
    count: gcloud('auth', 'application-default', 'set-quota-project', project),
    create: gcloud('storage', 'buckets', 'create', bucket, `--project=${project}`, `--location=${region}`, ...closed),
    // Each time: a run that was cut off between the two leaves a bucket without versions.
    keep: gcloud('storage', 'buckets', 'update', bucket, `--project=${project}`, '--versioning', ...closed),
  };
}

const listed = z.array(z.object({ name: z.string(), location: z.string() }));

/** Whether the project has the bucket. Asked of the project, because whoever takes the name first may let us look at theirs. Throws where it is elsewhere. */
async function hasBucket(runs: Run, { project, region, stateBucket }: Google): Promise<boolean> {
  const format = '--format=json(name,location)';
  const text = await runs('gcloud', 'storage', 'buckets', 'list', `--project=${project}`, format, '--quiet');
  const own = listed.parse(JSON.parse(text || '[]')).find(({ name }) => name === stateBucket);
  if (own === undefined) return false;
  if (own.location.toLowerCase() === region) return true;
  throw new UsageError(
    `The bucket ${stateBucket} is in ${own.location}, and google.region is ${region}. A bucket can't move: name another as google.stateBucket, or delete this one while it is empty.`,
  );
}

/** Prepares what `bootstrap` needs, once somebody has seen what that is. Returns whether they agreed. */
async function prepare(google: Google, runs: Run, { tell, agree }: Person): Promise<boolean> {
  const { enable, count, create, keep } = beforeBootstrap(google);
  const lines = [enable, count, create, keep].map((command) => `  ${command.join(' ')}`);
  tell(`Before Terraform, unless the bucket is there already:\n${lines.join('\n')}\n`);
  if (!(await agree('Run these? Type yes: '))) return false;
  await runs(...enable);
  await runs(...count);
  if (!(await hasBucket(runs, google))) await runs(...create);
  await runs(...keep);
  return true;
}

/** Applies what Terraform plans, and prints, once somebody has seen it. Returns whether they agreed. */
async function applySeen(folder: string, stack: StackName, { agree }: Person): Promise<boolean> {
  const out = await mkdtemp(join(tmpdir(), 'zerodrop-up-'));
  try {
    const { changed, sha256 } = await planStack(folder, stack, out);
    if (!changed) return true;
    if (!(await agree(`Apply this plan of ${stack}? Type yes: `))) return false;
    await applyPlan(folder, join(out, `${stack}.tfplan`), sha256);
    return true;
  } finally {
    await rm(out, { recursive: true });
  }
}

/** Records the checksums of the providers, so that each later `init` takes the same bytes. Returns what there is to say. */
async function recordLock(directory: string, folder: string, stack: StackName): Promise<string> {
  const lock = join('cluster', 'locks', `${stack}.hcl`);
  if (existsSync(join(directory, lock))) return '';
  await requireTerraform(folder, ['providers', 'lock', '-platform=linux_amd64', '-platform=darwin_arm64']);
  await mkdir(join(directory, 'cluster', 'locks'), { recursive: true });
  await copyFile(join(folder, '.terraform.lock.hcl'), join(directory, lock));
  return `Commit ${lock} with your next change: it holds the checksums of the providers.\n`;
}

/**
 * Applies a stack of a cluster that is rendered in a working copy, with what has to be there before and after it. Returns what there is to
 * say, or null where somebody did not agree.
 */
export async function bringUp(
  directory: string,
  cluster: Pick<ClusterProject, 'google' | 'repository' | 'folder'>,
  stack: StackName,
  person: Person,
): Promise<string | null> {
  const { google } = cluster;
  const folder = await stackDirectory(directory, stack, cluster.folder);
  return untilInterrupted(async (signal) => {
    const runs: Run = async (program, ...words) => {
      person.tell(`+ ${[program, ...words].join(' ')}\n`);
      return run({ directory, environment: process.env, signal }, program, ...words);
    };
    if (stack === 'bootstrap' && !(await prepare(google, runs, person))) return null;
    if (stack === 'argocd') await copySecrets(cluster, person.tell);
    if (!(await applySeen(folder, stack, person))) return null;
    if (stack === 'platform') {
      const place = [`--location=${google.location}`, `--project=${google.project}`];
      await runs('gcloud', 'container', 'clusters', 'get-credentials', google.name, ...place, '--dns-endpoint');
    }
    return recordLock(directory, folder, stack);
  });
}

/** The cluster that is meant, rendered now. Throws {@link UsageError} for the example's, and where a synth was forgotten. */
async function renderedCluster(name: string | undefined): Promise<ClusterProject> {
  const project = await loadProject('.');
  const { name: meant } = requiredCluster(name, project.settings);
  if (isExampleRepository(project.settings.repository))
    throw new UsageError("settings.ts is still the example's. Edit it: docs/how-to/bring-up.md, step 3.");
  const { changed } = await (await prepareCluster(project, '.'))();
  if (changed.length > 0)
    throw new UsageError(
      `settings.ts has changed since npm run synth. Look at ${changed.join(', ')}, commit, and run this again.`,
    );
  const cluster = clustersOf(project).find((one) => one.name === meant);
  if (cluster === undefined) throw new Error(`The cluster ${meant} of settings.ts was not rendered.`);
  return cluster;
}

function knownStack(stack: string | undefined): StackName {
  const known = stackNames.find((one) => one === stack);
  if (known !== undefined) return known;
  const fault = stack === undefined ? 'missing' : JSON.stringify(stack);
  throw new UsageError(
    `The stack is ${fault}, expected ${stackNames.join(', ')}.${didYouMean(stack ?? '', stackNames)}`,
  );
}

const options = { cluster: { type: 'string' }, yes: { type: 'boolean', default: false } } as const;

/** `up STACK [--cluster NAME] [--yes]`: applies a stack as a person. Run again, it goes on where it ended. */
export async function upCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(args, options, 1);
  const stack = knownStack(positionals[0]);
  const cluster = await renderedCluster(values.cluster);
  const person: Person = {
    tell: (text) => process.stderr.write(text),
    agree: values.yes ? async () => true : isAgreed,
  };
  const said = await bringUp('.', cluster, stack, person);
  if (said === null) return { stdout: '', problems: ['Nothing more is changed. Run this again to go on.'] };
  const next = stackNames[stackNames.indexOf(stack) + 1];
  const more = values.cluster === undefined ? '' : ` --cluster ${values.cluster}`;
  return ended(
    `${said}${stack} is up. Next: npm run pipeline -- ${next === undefined ? 'setup --turn-on' : `up ${next}${more}`}\n`,
  );
}
