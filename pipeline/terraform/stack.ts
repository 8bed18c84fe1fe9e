import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError, UsageError } from 'zerodrop/errors';

/** The stacks that workflows apply. `bootstrap` holds the rights of these very jobs: a person applies it. */
const stacks = ['platform', 'argocd'];

/** The name of a stack that workflows apply. Throws {@link UsageError} for any other. */
export function workflowStack(stack: string | undefined): string {
  if (stack !== undefined && stacks.includes(stack)) return stack;
  const fault = stack === undefined || stack === '' ? 'missing' : JSON.stringify(stack);
  throw new UsageError(`The stack is ${fault}, expected ${stacks.join(' or ')}.`);
}

/** The folder of a stack's Terraform JSON. Throws {@link UsageError} for any other stack, {@link OperationError} without a synth. */
export async function stackDirectory(directory: string, stack: string | undefined): Promise<string> {
  const folder = join(directory, 'cdktf.out', 'stacks', workflowStack(stack));
  try {
    await access(join(folder, 'cdk.tf.json'));
  } catch (cause) {
    throw new OperationError(`${folder} has no Terraform JSON. Run npm run synth first.`, { cause });
  }
  return folder;
}
