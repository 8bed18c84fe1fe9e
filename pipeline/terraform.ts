import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OperationError, UsageError } from 'zerodrop/errors';
import { gitHubFrom, lookUp } from '../github/api.ts';
import { loadSettings } from '../settings/load.ts';
import { didYouMean } from '../settings/sentences.ts';
import { clusterFolder } from '../settings/settings.ts';
import { type Ended, ended, planReport, readArguments, required, requiredCluster, stepOutputs } from './command.ts';
import { unapproved } from './doctor/github.ts';

/** What Terraform would do to a stack. */
export interface Plan {
  readonly changed: boolean;
  /** In Terraform's words. */
  readonly text: string;
  /** Of the saved plan: 64 hex digits. */
  readonly sha256: string;
}

/**
 * Plans a stack and saves the plan as `<out>/<stack>.tfplan`.
 *
 * Without a lock: the identity that plans may not write the state, and a plan that an apply has overtaken is refused by
 * Terraform when it is applied.
 */
export async function planStack(folder: string, stack: string, out: string): Promise<Plan> {
  const file = resolve(join(out, `${stack}.tfplan`));
  await mkdir(out, { recursive: true });
  await requireTerraform(folder, ['init', '-input=false', '-no-color']);
  const code = await runTerraform(folder, [
    'plan',
    '-input=false',
    '-lock=false',
    '-no-color',
    '-detailed-exitcode',
    `-out=${file}`,
  ]);
  // 0 is no difference and 2 is one (terraform plan -help, -detailed-exitcode).
  if (code !== 0 && code !== 2) throw new OperationError(`terraform plan failed in ${folder}: its output is above.`);
  return { changed: code === 2, text: await showPlan(folder, file), sha256: await sha256(file) };
}

/**
 * Applies a saved plan to its stack. Throws {@link OperationError} where the file is not the plan that was shown and approved.
 *
 * @param approved its SHA-256, 64 hex digits
 */
export async function applyPlan(folder: string, planFile: string, approved: string): Promise<void> {
  const found = await sha256(planFile);
  if (found !== approved) {
    throw new OperationError(
      `${planFile} is not the plan that was approved: its SHA-256 is ${found}, not ${approved}. Plan again.`,
    );
  }
  await requireTerraform(folder, ['init', '-input=false', '-no-color']);
  await requireTerraform(folder, ['apply', '-input=false', '-no-color', resolve(planFile)]);
}

/** The SHA-256 of a file, 64 hex digits. Throws {@link UsageError} for one that can't be read. */
export async function sha256(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new UsageError(`The plan ${file} can't be read (${cause.message}). Name the file that pipeline plan saved.`, {
      cause,
    });
  });
  return createHash('sha256').update(bytes).digest('hex');
}

/** The stacks that workflows apply. `bootstrap` holds the rights of these very jobs: a person applies it. */
const stacks = ['platform', 'argocd'];

/** The name of a stack that workflows apply. Throws {@link UsageError} for any other. */
export function workflowStack(stack: string | undefined): string {
  if (stack !== undefined && stacks.includes(stack)) return stack;
  const fault = stack === undefined || stack === '' ? 'missing' : JSON.stringify(stack);
  throw new UsageError(`The stack is ${fault}, expected ${stacks.join(' or ')}.${didYouMean(stack ?? '', stacks)}`);
}

/**
 * The folder of a stack's Terraform JSON. Throws {@link OperationError} without a synth.
 *
 * @param cluster the folder of its cluster, empty for an only one
 */
export async function stackDirectory(directory: string, stack: string, cluster = ''): Promise<string> {
  const folder = join(directory, 'cdktf.out', cluster, 'stacks', stack);
  try {
    await access(join(folder, 'cdk.tf.json'));
  } catch (cause) {
    throw new OperationError(`${folder} has no Terraform JSON. Run npm run synth first.`, { cause });
  }
  return folder;
}

const execute = promisify(execFile);

/** Terraform's own way to be told that nobody is there to answer. */
function unattended(): NodeJS.ProcessEnv {
  return { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
}

/** Runs Terraform in a stack's folder, with its words on our stderr. Returns its exit code. */
async function runTerraform(directory: string, args: readonly string[]): Promise<number> {
  const child = spawn(await terraformProgram(), [`-chdir=${directory}`, ...args], {
    env: unattended(),
    stdio: ['ignore', 2, 2],
  });
  const [code]: unknown[] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}

/** Terraform on PATH, or OpenTofu where that alone is installed. Throws {@link OperationError} without either. */
async function terraformProgram(): Promise<string> {
  for (const program of ['terraform', 'tofu']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = join(folder, program);
      if (await isExecutable(file)) return file;
    }
  }
  throw new OperationError('Neither terraform nor tofu is installed, or on PATH. Install 1.11 or newer.');
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs Terraform as {@link runTerraform} does, and throws {@link OperationError} where it fails. */
export async function requireTerraform(directory: string, args: readonly string[]): Promise<void> {
  const code = await runTerraform(directory, args);
  if (code !== 0) throw new OperationError(`terraform ${args[0] ?? ''} failed in ${directory}: its output is above.`);
}

/** What a saved plan would do, in Terraform's words. */
async function showPlan(directory: string, planFile: string): Promise<string> {
  const args = [`-chdir=${directory}`, 'show', '-no-color', planFile];
  const { stdout } = await execute(await terraformProgram(), args, { env: unattended(), maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

/** The folder, in others, of the cluster that `--cluster` names. */
async function clusterFolderOf(name: string | undefined): Promise<string> {
  const settings = await loadSettings('.');
  return clusterFolder(settings, requiredCluster(name, settings));
}

/** `plan STACK --out DIR`: saves the plan and a report of it, and says whether there is anything to do. */
export async function planCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { cluster: { type: 'string' }, out: { type: 'string' }, 'expect-unchanged': { type: 'boolean', default: false } },
    1,
  );
  const stack = workflowStack(positionals[0]);
  const out = required('--out', values.out);
  const cluster = await clusterFolderOf(values.cluster);
  const folder = await stackDirectory('.', stack, cluster);
  const plan = await planStack(folder, stack, out);
  const { changed, text } = plan;
  // In full for the job's log: the report is cut to what GitHub takes.
  process.stderr.write(text);
  await writeFile(join(out, `${stack}.txt`), text);
  await writeFile(join(out, `${stack}.md`), planReport(`${cluster}${stack}`, text));
  const drifted = changed && values['expect-unchanged'];
  return {
    stdout: stepOutputs({ changed: String(changed), sha256: plan.sha256 }),
    problems: drifted
      ? [`${cluster}${stack} differs from git. Apply it (workflow cluster), or undo the change by hand.`]
      : [],
  };
}

/**
 * Why a workflow may not apply, in a sentence; null where somebody could have refused its plan. A person at a machine of their own approves by
 * typing the command.
 */
async function refusalOf(environment: NodeJS.ProcessEnv): Promise<string | null> {
  if (environment['GITHUB_ACTIONS'] !== 'true') return null;
  const { api, owner, name, token } = gitHubFrom(environment, (await loadSettings('.')).repository);
  const headers = { authorization: `Bearer ${token}` };
  return unapproved((path) => lookUp(`${api}${path}`, headers), `${owner}/${name}`);
}

/** `apply STACK --plan FILE --sha256 DIGITS`: applies the plan that was approved, and no other. */
export async function applyCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { cluster: { type: 'string' }, plan: { type: 'string' }, sha256: { type: 'string' } },
    1,
  );
  const stack = workflowStack(positionals[0]);
  const [plan, approved] = [required('--plan', values.plan), required('--sha256', values.sha256)];
  if (!/^[0-9a-f]{64}$/.test(approved))
    throw new UsageError(
      `--sha256 is ${JSON.stringify(approved)}, expected the 64 hex digits that pipeline plan printed.`,
    );
  const folder = await stackDirectory('.', stack, await clusterFolderOf(values.cluster));
  const refusal = await refusalOf(process.env);
  if (refusal !== null) return { stdout: '', problems: [refusal] };
  await applyPlan(folder, plan, approved);
  return ended();
}
