import type { ApplicationObservation, Observed } from 'zerodrop/rollout';

/** An Application as it was seen, and when. */
export type SeenApplication = ApplicationObservation & { readonly at: number };

/** The applications among what was seen from a moment on. */
export function applicationsSince(observed: readonly Observed[], since: number): readonly SeenApplication[] {
  return observed.flatMap((seen) => (seen.kind === 'application' && seen.at >= since ? [seen] : []));
}

/**
 * What says that git and the cluster never come to rest: an application that is not Synced and Healthy all the time, or one
 * that syncs again, though nobody changed anything. A field that the API server defaults or rewrites looks like this.
 */
export function unrest(seen: readonly SeenApplication[]): readonly string[] {
  const unsettled = seen.find(({ sync, health }) => sync !== 'Synced' || health !== 'Healthy');
  const syncing = seen.find(({ pending, phase }) => pending || phase === 'Running');
  return [
    ...(unsettled === undefined
      ? []
      : [`Argo CD calls it ${unsettled.sync} and ${unsettled.health} without any change.`]),
    ...(syncing === undefined ? [] : ['Argo CD syncs it again without any change.']),
  ];
}
