import { loadSettings } from '../../settings/load.ts';
import { ended, type Ended } from '../ended.ts';
import { isReleased } from '../image/released.ts';
import { imageSource } from '../image/source.ts';
import { stepOutputs } from '../step-outputs.ts';
import { knownEnvironment, knownService, readArguments } from './arguments.ts';

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
