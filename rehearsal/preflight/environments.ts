import type { Settings } from '../../settings/settings.ts';
import { knownEnvironment } from '../scratch/settings.ts';

/** The environments to ask about: all, or the one that is named. Throws WrongUse where that is not in the settings. */
export function environmentsToAsk(settings: Settings, named: string | null): readonly string[] {
  return named === null ? Object.keys(settings.environments) : [knownEnvironment(settings, named)[0]];
}
