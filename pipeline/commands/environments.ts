import { loadSettings } from '../../settings/load.ts';
import { ended, type Ended } from '../ended.ts';
import { environmentsSince } from '../environments.ts';
import { stepOutputs } from '../step-outputs.ts';
import { readArguments, requiredCommit } from './arguments.ts';

/** `environments --since COMMIT`: whose manifests changed since then, as a JSON list for a matrix. */
export async function environmentsCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { since: { type: 'string' } });
  const { environments } = await loadSettings('.');
  const changed = await environmentsSince(
    '.',
    requiredCommit('--since', values.since),
    environments.map(({ name }) => name),
  );
  return ended(stepOutputs({ environments: JSON.stringify(changed) }));
}
