import { ended, type Ended } from '../ended.ts';
import { imageSource } from '../image/source.ts';
import { stepOutputs } from '../step-outputs.ts';

/** `source`: the commit that an image of HEAD is a build of. */
export async function sourceCommand(): Promise<Ended> {
  return ended(stepOutputs({ source: await imageSource('.') }));
}
