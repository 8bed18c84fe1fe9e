import { resolve } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { sha256 } from './sha256.ts';
import { requireTerraform } from './terraform.ts';

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
