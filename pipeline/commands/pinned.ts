import { readPins } from '../../apps/pins.ts';
import { loadSettings } from '../../settings/load.ts';
import { ended, type Ended } from '../ended.ts';
import { stepOutputs } from '../step-outputs.ts';
import { readArguments } from './arguments.ts';

/** `pinned`: image and source of what the last environment of the settings runs; empty before its first release. */
export async function pinnedCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const { environments } = await loadSettings('.');
  const last = environments.at(-1)?.name ?? '';
  const pin = (await readPins('.', [last])).get(last);
  return ended(stepOutputs({ image: pin?.image ?? '', source: pin?.source ?? '' }));
}
