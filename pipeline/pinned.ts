import { type TargetPath, readPins } from '../apps/pins.ts';
import { loadSettings } from '../settings/load.ts';
import { firstOf } from '../settings/settings.ts';
import { type Ended, ended, readArguments, stepOutputs } from './command.ts';

/** `pinned`: image and source of what the first service runs in the last environment; empty before its first release. */
export async function pinnedCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const { environments, services } = await loadSettings('.');
  const last: TargetPath = `${environments.at(-1)?.name ?? ''}/${firstOf(services).name}`;
  const pin = (await readPins('.', [last])).get(last);
  return ended(stepOutputs({ image: pin?.image ?? '', source: pin?.source ?? '' }));
}
