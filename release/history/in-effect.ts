import type { Pin } from '../../apps/pins.ts';
import type { PinChange } from './pin-changes.ts';

/** A release that no later change took back. */
export interface ReleaseInEffect {
  readonly commit: string;
  readonly pin: Pin;
}

/**
 * The releases that stand, oldest first: the last is what runs, and the one before it what a roll back brings. A change that pins
 * what an earlier release had pinned takes back all that came after it, however it was committed.
 *
 * @param changes newest first
 */
export function releasesInEffect(changes: readonly PinChange[]): readonly ReleaseInEffect[] {
  const releases: ReleaseInEffect[] = [];
  for (const { commit, isGone, pin } of changes.toReversed()) {
    if (isGone) releases.length = 0;
    // A file that can't be read was never rolled out.
    if (pin === null) continue;
    const earlier = releases.findIndex((release) => samePin(release.pin, pin));
    if (earlier === -1) releases.push({ commit, pin });
    else releases.length = earlier + 1;
  }
  return releases;
}

/** Whether two pins run the same image of the same source. */
export function samePin(one: Pin, other: Pin): boolean {
  return one.image === other.image && one.source === other.source;
}
