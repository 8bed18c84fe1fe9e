import { loadSettings } from '../../settings/load.ts';
import { ended, type Ended } from '../ended.ts';
import { names } from '../names.ts';
import { stepOutputs } from '../step-outputs.ts';
import { readArguments } from './arguments.ts';

/** `names`: what the settings say, as a step's outputs. */
export async function namesCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  return ended(stepOutputs(names(await loadSettings('.'))));
}
