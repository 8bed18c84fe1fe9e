import type { Pin } from '../../apps/pins.ts';
import type { PinChange } from './pin-changes.ts';

/** A release that no later change took back. */
export interface StandingRelease {
  readonly commit: string;
  readonly pin: Pin;
}

/**
 * The releases that stand, oldest first: the last is what runs, and the one before it what a roll back brings. A change that pins
 * what an earlier release had pinned takes back all that came after it, however it was committed.
 *
 * @param changes newest first
 */
export function standingReleases(changes: readonly PinChange[]): readonly StandingRelease[] {
  const standing: StandingRelease[] = [];
  for (const { commit, isGone, pin } of changes.toReversed()) {
    if (isGone) standing.length = 0;
    // A file that can't be read was never rolled out.
    if (pin === null) continue;
    const earlier = standing.findIndex((release) => samePin(release.pin, pin));
    if (earlier === -1) standing.push({ commit, pin });
    else standing.length = earlier + 1;
  }
  return standing;
}

/** Whether two pins run the same image of the same source. */
export function samePin(one: Pin, other: Pin): boolean {
  return one.image === other.image && one.source === other.source;
}
