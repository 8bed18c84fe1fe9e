import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended } from '../ended.ts';
import { stepOutputs } from '../step-outputs.ts';
import { planReport } from '../terraform/plan-report.ts';
import { planStack } from '../terraform/plan.ts';
import { stackDirectory } from '../terraform/stack.ts';
import { readArguments, required } from './arguments.ts';

/** `plan STACK --out DIR`: saves the plan and a report of it, and says whether there is anything to do. */
export async function planCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readArguments(
    args,
    { out: { type: 'string' }, 'expect-unchanged': { type: 'boolean', default: false } },
    1,
  );
  const [stack = ''] = positionals;
  const folder = await stackDirectory('.', stack);
  const out = required('--out', values.out);
  const { changed, text, sha256 } = await planStack(folder, stack, out);
  // In full for the job's log: the report is cut to what GitHub takes.
  process.stderr.write(text);
  await writeFile(join(out, `${stack}.txt`), text);
  await writeFile(join(out, `${stack}.md`), planReport(stack, text));
  const drifted = changed && values['expect-unchanged'];
  return {
    stdout: stepOutputs({ changed: String(changed), sha256 }),
    problems: drifted
      ? [`${stack} is not what git says. Apply it (workflow cluster), or undo what was changed by hand.`]
      : [],
  };
}
