import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyPlan, planStack, sha256, stackDirectory, workflowStack } from '../../pipeline/terraform.ts';
import { settings as sample } from '../settings/sample.ts';
import { answering } from './answering.ts';

let directory: string;
const { PATH } = process.env;

/** Puts a program called terraform first on PATH: it writes down how it is called, and ends as `TERRAFORM_PLAN` says. */
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-terraform-'));
  const program = path.join(directory, 'bin', 'terraform');
  await mkdir(path.dirname(program));
  const script = `#!/bin/sh
echo "$*" >> "${directory}/calls"
for word in "$@"; do case "$word" in -out=*) printf plan > "\${word#-out=}" ;; esac; done
case "$2" in
  plan) exit "\${TERRAFORM_PLAN:-0}" ;;
  show) echo "Plan: 1 to add, 0 to change, 0 to destroy." ;;
esac
`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  process.env['PATH'] = `${path.dirname(program)}:${PATH ?? ''}`;
});

afterEach(async () => {
  process.env['PATH'] = PATH;
  delete process.env['TERRAFORM_PLAN'];
  await rm(directory, { recursive: true });
});

async function calls(): Promise<string[]> {
  const text = await readFile(path.join(directory, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

test('a plan is made without a lock, saved, and known by its digest', async () => {
  process.env['TERRAFORM_PLAN'] = '2';
  const out = path.join(directory, 'out');

  const plan = await planStack('folder', 'platform', out);

  const saved = path.join(out, 'platform.tfplan');
  expect(plan).toEqual({
    changed: true,
    text: 'Plan: 1 to add, 0 to change, 0 to destroy.\n',
    sha256: await sha256(saved),
  });
  expect(await calls()).toEqual([
    '-chdir=folder init -input=false -no-color',
    `-chdir=folder plan -input=false -lock=false -no-color -detailed-exitcode -out=${saved}`,
    `-chdir=folder show -no-color ${saved}`,
  ]);
});

test('exit code 0 is no change, 1 is a failure', async () => {
  const out = path.join(directory, 'out');
  expect(await planStack('folder', 'argocd', out)).toMatchObject({ changed: false });

  process.env['TERRAFORM_PLAN'] = '1';
  await expect(planStack('folder', 'argocd', out)).rejects.toThrow('terraform plan failed in folder');
});

test('the approved plan is applied as a file, so that nothing is planned anew', async () => {
  const file = path.join(directory, 'approved.tfplan');
  await writeFile(file, 'plan');

  await applyPlan('folder', file, await sha256(file));

  expect(await calls()).toEqual([
    '-chdir=folder init -input=false -no-color',
    `-chdir=folder apply -input=false -no-color ${file}`,
  ]);
});

test('another plan than the approved one is not applied', async () => {
  const file = path.join(directory, 'approved.tfplan');
  await writeFile(file, 'plan');
  const approved = await sha256(file);
  await writeFile(file, 'forged');

  await expect(applyPlan('folder', file, approved)).rejects.toThrow('is not the plan that was approved');
  expect(await calls()).toEqual([]);
});

test('no terraform on PATH is said', async () => {
  process.env['PATH'] = '/nowhere';

  await expect(planStack('folder', 'platform', path.join(directory, 'out'))).rejects.toThrow(
    'Neither terraform nor tofu is installed',
  );
});

test('OpenTofu does, where it alone is installed', async () => {
  await rename(path.join(directory, 'bin', 'terraform'), path.join(directory, 'bin', 'tofu'));
  process.env['PATH'] = `${path.join(directory, 'bin')}:/usr/bin:/bin`;

  await planStack('folder', 'argocd', path.join(directory, 'out'));
  expect((await calls())[0]).toBe('-chdir=folder init -input=false -no-color');
});

test('bootstrap is no stack for a workflow', () => {
  expect(() => workflowStack('bootstrap')).toThrow('The stack is "bootstrap", expected platform or argocd.');
});

test('a stack that is not rendered is said', async () => {
  await expect(stackDirectory(directory, 'platform')).rejects.toThrow('Run npm run synth first.');
});

/** The command of the workflow, in a working copy of an owner, with a GitHub on this machine that answers so about the environment. */
async function applied(environment: object) {
  const copy = path.join(directory, 'copy');
  await mkdir(path.join(copy, 'cdktf.out/stacks/platform'), { recursive: true });
  await writeFile(path.join(copy, 'cdktf.out/stacks/platform/cdk.tf.json'), '{}');
  const owned = { ...sample, repository: 'https://github.com/acme/shop' };
  await writeFile(path.join(copy, 'settings.ts'), `export const settings = ${JSON.stringify(owned)};\n`);
  const plan = path.join(copy, 'approved.tfplan');
  await writeFile(plan, 'plan');
  const asked: string[] = [];
  let ended: Awaited<ReturnType<typeof ranProgram>> | undefined;
  await answering(
    (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end(JSON.stringify(environment));
    },
    async (host) => {
      const api = { GITHUB_API_URL: `http://${host}`, GITHUB_REPOSITORY: 'acme/shop', GITHUB_ACTIONS: 'true' };
      const args = ['apply', 'platform', '--plan', plan, '--sha256', await sha256(plan)];
      ended = await ranProgram(copy, { ...process.env, ...api, GH_TOKEN: 'a-token' }, args);
    },
  );
  return { ...ended, asked };
}

async function ranProgram(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]) {
  const program = [
    '--conditions=zerodrop-source',
    '--import',
    import.meta.resolve('tsx'),
    path.resolve('pipeline/main.ts'),
  ];
  const child = spawn(process.execPath, [...program, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const stderr = textOf(child.stderr);
  const [exitCode]: unknown[] = await once(child, 'close');
  return { exitCode, stderr: await stderr };
}

test('a workflow applies nothing where the environment has no reviewer', async () => {
  const rules = [{ id: 1, type: 'branch_policy' }];
  const { exitCode, stderr, asked } = await applied({ name: 'cluster', protection_rules: rules });

  expect([exitCode, stderr]).toEqual([
    1,
    'The environment cluster has no reviewer, so nobody has approved this plan, and nothing is applied. Run npm run pipeline -- setup, and npm run pipeline -- doctor to see what the plan of your GitHub account has.\n',
  ]);
  expect(asked).toEqual(['GET /repos/acme/shop/environments/cluster Bearer a-token']);
  expect(await calls()).toEqual([]);
});

test('a workflow applies where somebody is asked for an approval', async () => {
  const reviewers = [{ type: 'User', reviewer: { id: 9, login: 'ada' } }];
  const { exitCode } = await applied({ protection_rules: [{ id: 1, type: 'required_reviewers', reviewers }] });

  expect(exitCode).toBe(0);
  expect((await calls()).map((call) => call.split(' ')[1])).toEqual(['init', 'apply']);
});
