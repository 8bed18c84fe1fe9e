import { loadProject } from '../../apps/load.ts';
import { ended, type Ended } from '../ended.ts';
import { moreThanRollback } from '../rollback/rollback.ts';
import { stepOutputs } from '../step-outputs.ts';
import { readArguments, requiredCommit } from './arguments.ts';

/** `rollback --base COMMIT --head COMMIT`: whether a change only brings back what main had, so that the short check is enough. */
export async function rollbackCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { base: { type: 'string' }, head: { type: 'string' } });
  const base = requiredCommit('--base', values.base);
  const why = await moreThanRollback('.', base, requiredCommit('--head', values.head), await loadProject('.'));
  process.stderr.write(
    why === null
      ? 'This change is a rollback: its pins are what main had before, and its manifests are what main renders of them.\n'
      : `This change is more than a rollback and takes the whole check. ${why}\n`,
  );
  return ended(stepOutputs({ rollback: String(why === null) }));
}
