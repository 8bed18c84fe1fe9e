import { field } from '../field.ts';
import { isDeployment } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

const at = ['spec', 'paused'];

/** A paused Deployment keeps its pods as they are, and starts none of a release, nor of its revert. */
export const rolloutPaused: ObjectRule = ({ after }) => {
  if (!isDeployment(after) || field(after.document, ...at) !== true) return null;
  const says =
    'is paused. It rolls nothing out, and when something is wrong nothing back: take paused away, and hold a release back by not merging it';
  return { says, at };
};
