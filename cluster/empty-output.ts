import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stackNames } from './stacks/open-stack.ts';

/** A folder that can't be emptied without losing what nobody could bring back. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

async function entries(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Makes sure that no state lies in the folder of synthesized stacks. Throws an {@link OutputError} where one does. */
export async function requireNoState(outdir: string): Promise<void> {
  const stacks = join(outdir, 'stacks');
  for (const stack of await entries(stacks)) {
    const lost = (await entries(join(stacks, stack))).find((name) => name.endsWith('.tfstate'));
    if (lost !== undefined) {
      throw new OutputError(
        `${join(stacks, stack, lost)} is Terraform state that only this machine has, and a synth would delete it. Move it to the bucket with terraform init -migrate-state, then synth again.`,
      );
    }
  }
}

/**
 * Empties the folder of synthesized stacks, so that a stack that is gone is gone. What `terraform init` has put beside a
 * stack stays: providers are 100 MB and more. Throws an {@link OutputError} when a state lies there, and deletes nothing then.
 */
export async function emptyOutput(outdir: string): Promise<void> {
  await requireNoState(outdir);
  const stacks = join(outdir, 'stacks');
  const found = await entries(stacks);
  for (const name of await entries(outdir)) if (name !== 'stacks') await rm(join(outdir, name), { recursive: true });
  for (const stack of found) {
    const known = stackNames.some((name) => name === stack);
    if (!known) await rm(join(stacks, stack), { recursive: true });
    for (const name of await entries(join(stacks, stack))) {
      if (!name.startsWith('.terraform')) await rm(join(stacks, stack, name), { recursive: true });
    }
  }
}
