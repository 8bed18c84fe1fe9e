import { isApplication } from '../kinds.ts';
import { applicationSyncOptions, ownSyncOptions, syncOptionsAnnotation } from '../objects/sync-options.ts';
import type { ObjectRule } from '../rule.ts';

const refused = new Set(['Replace=true', 'Force=true']);

/** Both delete an object to make it again where it can't be changed, and its pods or its address are gone in between. */
export const replaceOrForce: ObjectRule = ({ after }) => {
  if (after === null) return null;
  const cost = 'What can not be changed is deleted and made again, and every request in between is lost: take it away';
  const own = ownSyncOptions(after).find((option) => refused.has(option));
  if (own !== undefined) {
    return {
      says: `asks to be synced with ${own}. ${cost}`,
      at: ['metadata', 'annotations', syncOptionsAnnotation],
    };
  }
  if (!isApplication(after)) return null;
  const options = applicationSyncOptions(after);
  const index = options.findIndex((option) => refused.has(option));
  if (index === -1) return null;
  return { says: `syncs with ${options[index]}. ${cost}`, at: ['spec', 'syncPolicy', 'syncOptions', index] };
};
