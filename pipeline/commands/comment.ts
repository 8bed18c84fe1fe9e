import { UsageError } from 'zerodrop/errors';
import { gitHubFrom } from '../../github/place.ts';
import { loadSettings } from '../../settings/load.ts';
import { writeComment } from '../comment/sticky.ts';
import { readUntrusted } from '../comment/untrusted.ts';
import { ended, type Ended } from '../ended.ts';
import { planReport } from '../terraform/plan-report.ts';
import { workflowStack } from '../terraform/stack.ts';
import { readArguments, required } from './arguments.ts';

/**
 * `comment STACK --plan FILE --pull-request N`: writes Terraform's words about a stack under the pull request, over those that were
 * there. Runs main's code with a right to write, on the words of a job that ran the pull request's.
 */
export async function commentCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { 'pull-request': { type: 'string' }, plan: { type: 'string' } },
    1,
  );
  const number = required('--pull-request', values['pull-request']);
  if (!/^[1-9]\d*$/.test(number)) {
    throw new UsageError(`--pull-request is ${JSON.stringify(number)}, expected a number.`);
  }
  const stack = workflowStack(positionals[0]);
  const report = planReport(stack, await readUntrusted(required('--plan', values.plan)));
  const { repository } = await loadSettings('.');
  await writeComment(gitHubFrom(process.env, repository), Number(number), `plan ${stack}`, report);
  return ended();
}
