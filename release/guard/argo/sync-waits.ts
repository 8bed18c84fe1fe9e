import type { ManifestObject } from '../documents.ts';
import { annotation } from '../objects/sync-options.ts';
import type { ObjectRule } from '../rule.ts';

const hook = 'argocd.argoproj.io/hook';
const wave = 'argocd.argoproj.io/sync-wave';
// The others run when a sync has failed or an application is deleted, and hold no sync up.
const waiting = new Set(['PreSync', 'Sync', 'PostSync']);

/**
 * A sync with hooks or several waves waits for health before it goes on. A bad version never becomes healthy, and its revert
 * waits behind it: more than 70 s were measured on Argo CD 3.6.1.
 */
export const syncWaits: ObjectRule = ({ before, after }, folder) => {
  if (after === null) return null;
  const cost = 'A sync then waits for health, and a bad version holds up its own revert';
  const hooks = (annotation(after, hook) ?? '').split(',').map((name) => name.trim());
  const found = hooks.find((name) => waiting.has(name));
  if (found !== undefined) {
    const says = `is a ${found} hook. ${cost}: make it a release of its own, or an ordinary object`;
    return { says, at: ['metadata', 'annotations', hook] };
  }
  if (before !== null && waveOf(before) === waveOf(after)) return null;
  const other = folder.after.find((neighbour) => waveOf(neighbour) !== waveOf(after));
  if (other === undefined) return null;
  const says = `is in sync wave ${waveOf(after)}, and ${other.kind} ${other.name} in ${waveOf(other)}. ${cost}: keep all in one wave`;
  return { says, at: ['metadata', 'annotations', wave] };
};

function waveOf(object: ManifestObject): number {
  return Number(annotation(object, wave) ?? 0);
}
