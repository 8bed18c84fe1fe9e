import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { readPins, type TargetPath } from '../../apps/pins.ts';

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
