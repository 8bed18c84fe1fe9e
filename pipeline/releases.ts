import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { type TargetPath, readPins } from '../apps/pins.ts';
import { loadSettings } from '../settings/load.ts';
import { type Ended, ended, knownEnvironment, knownService, readArguments, stepOutputs } from './command.ts';
import { imageSource } from './image/source.ts';

/** Whether an environment runs a build of this source already, or of a newer commit that has it. */
export async function isReleased(directory: string, target: TargetPath, source: string): Promise<boolean> {
  const pin = (await readPins(directory, [target])).get(target);
  if (pin === undefined) return false;
  try {
    return (await git(directory, 'rev-list', '--max-count=1', source, `^${pin.source}`)) === '';
  } catch (error) {
    // The pinned source is no commit of this clone: built elsewhere, or from a branch that is gone.
    if (error instanceof ProgramError) return false;
    throw error;
  }
}

/** `source --environment NAME [--service NAME]`: the commit that an image of HEAD is a build of, and whether the environment has that image already. */
export async function sourceCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { environment: { type: 'string' }, service: { type: 'string' } });
  const settings = await loadSettings('.');
  const environment = knownEnvironment(values.environment, settings);
  const service = knownService(values.service, settings);
  const source = await imageSource('.');
  const released = await isReleased('.', `${environment}/${service}`, source);
  if (released) {
    process.stderr.write(
      `Nothing to release: ${environment} runs a build of ${source}, and no later commit changes what the image is made of.\n`,
    );
  }
  return ended(stepOutputs({ source, released: String(released) }));
}
