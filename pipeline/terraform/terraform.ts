import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { OperationError } from 'zerodrop/errors';

const execute = promisify(execFile);

/** Terraform's own way to be told that nobody is there to answer. */
function unattended(): NodeJS.ProcessEnv {
  return { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
}

/** Runs Terraform in a stack's folder, with its words on our stderr. Returns its exit code. */
export async function runTerraform(directory: string, args: readonly string[]): Promise<number> {
  const child = spawn('terraform', [`-chdir=${directory}`, ...args], {
    env: unattended(),
    stdio: ['ignore', 2, 2],
  });
  try {
    const [code]: unknown[] = await once(child, 'close');
    return typeof code === 'number' ? code : 1;
  } catch (cause) {
    throw new OperationError('terraform is not installed, or not on PATH. Install 1.11 or newer.', { cause });
  }
}

/** Runs Terraform as {@link runTerraform} does, and throws {@link OperationError} where it fails. */
export async function requireTerraform(directory: string, args: readonly string[]): Promise<void> {
  const code = await runTerraform(directory, args);
  if (code !== 0)
    throw new OperationError(`terraform ${args[0] ?? ''} failed in ${directory}: its own words are above.`);
}

/** What a saved plan would do, in Terraform's words. */
export async function showPlan(directory: string, planFile: string): Promise<string> {
  const args = [`-chdir=${directory}`, 'show', '-no-color', planFile];
  const { stdout } = await execute('terraform', args, { env: unattended(), maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}
