import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyPlan, planStack, sha256, stackDirectory } from '../../pipeline/terraform.ts';

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
    'terraform is not installed',
  );
});

test('bootstrap is no stack for a workflow', async () => {
  await expect(stackDirectory(directory, 'bootstrap')).rejects.toThrow(
    'The stack is "bootstrap", expected platform or argocd.',
  );
});

test('a stack that is not rendered is said', async () => {
  await expect(stackDirectory(directory, 'platform')).rejects.toThrow('Run npm run synth first.');
});
