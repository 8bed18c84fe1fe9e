import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { sha256 } from './sha256.ts';
import { requireTerraform, runTerraform, showPlan } from './terraform.ts';

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
  if (code !== 0 && code !== 2)
    throw new OperationError(`terraform plan failed in ${folder}: its own words are above.`);
  return { changed: code === 2, text: await showPlan(folder, file), sha256: await sha256(file) };
}
