import { ended, type Ended } from '../ended.ts';
import { applyPlan } from '../terraform/apply.ts';
import { stackDirectory } from '../terraform/stack.ts';
import { readArguments, required } from './arguments.ts';

/** `apply STACK --plan FILE --sha256 DIGITS`: applies the plan that was approved, and no other. */
export async function applyCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(args, { plan: { type: 'string' }, sha256: { type: 'string' } }, 1);
  const folder = await stackDirectory('.', positionals[0]);
  await applyPlan(folder, required('--plan', values.plan), required('--sha256', values.sha256));
  return ended();
}
