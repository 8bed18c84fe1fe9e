import type { Pin } from '../../apps/pins.ts';
import { type PinChange, samePin } from './pin-changes.ts';

/** One change of what a target runs, as the history of its pin tells it. Times are seconds since 1970. */
export interface Entry {
  /** `rollback` pins what an earlier release had pinned; `removal` leaves no pin. */
  readonly kind: 'release' | 'rollback' | 'removal';
  /** The commit of main, 40 hex digits. */
  readonly commit: string;
  readonly atSeconds: number;
  /** When the next change came; null for what runs now. */
  readonly untilSeconds: number | null;
  /** Null for a removal. */
  readonly pin: Pin | null;
  /** What ran before; null for nothing. */
  readonly before: Pin | null;
  /** When a rollback took this release back; null where none did. */
  readonly takenBackSeconds: number | null;
}

/**
 * What ran when, newest first. A change that pins what an earlier release in effect had pinned is a rollback, however it was
 * committed, and takes back every release after that one, as in releasesInEffect.
 *
 * @param changes of the pin file, newest first
 * @param times of their commits, in seconds since 1970
 */
export function entriesOf(changes: readonly PinChange[], times: ReadonlyMap<string, number>): readonly Entry[] {
  const entries: Entry[] = [];
  const takenBack = new Map<string, number>();
  let standing: Entry[] = [];
  let before: Pin | null = null;
  for (const { commit, pin, isGone } of changes.toReversed()) {
    // A broken pin is never rolled out, and the same pin in another format changes nothing that runs.
    const isSame = pin === null ? !isGone || before === null : before !== null && samePin(pin, before);
    if (isSame) continue;
    const atSeconds = times.get(commit) ?? 0;
    const target =
      pin === null ? -1 : standing.findIndex((release) => release.pin !== null && samePin(release.pin, pin));
    const kind = pin === null ? 'removal' : target === -1 ? 'release' : 'rollback';
    const entry: Entry = { kind, commit, atSeconds, untilSeconds: null, pin, before, takenBackSeconds: null };
    if (kind === 'removal') standing = [];
    if (kind === 'release') standing.push(entry);
    if (kind === 'rollback')
      for (const release of standing.splice(target + 1)) takenBack.set(release.commit, atSeconds);
    entries.push(entry);
    before = pin;
  }
  return entries
    .map((entry, index) => ({
      ...entry,
      untilSeconds: entries[index + 1]?.atSeconds ?? null,
      takenBackSeconds: takenBack.get(entry.commit) ?? null,
    }))
    .toReversed();
}

/** The figures of a period, by the definitions in docs/reference/history.md. Null where there is nothing to count. */
export interface Figures {
  readonly releases: number;
  readonly releasesPerWeek: number;
  /** Of the commits that releases brought which were not taken back. */
  readonly leadTimeSeconds: number | null;
  readonly leadTimeCommits: number;
  readonly takenBack: number;
  /** From 0 to 1. */
  readonly takenBackShare: number | null;
  readonly restoreSeconds: number | null;
  readonly restores: number;
}

/** A period of time, in seconds since 1970. */
export interface Period {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The entries of a period. */
export function within(entries: readonly Entry[], { fromSeconds, toSeconds }: Period): readonly Entry[] {
  return entries.filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
}

/**
 * The figures of a target's entries in a period. All durations are medians.
 *
 * @param committed when each commit was made that a release brought, in seconds since 1970, by the release's commit
 */
export function figuresOf(
  all: readonly Entry[],
  committed: ReadonlyMap<string, readonly number[]>,
  period: Period,
): Figures {
  const entries = within(all, period);
  const releases = entries.filter(({ kind }) => kind === 'release');
  const takenBack = releases.filter(({ takenBackSeconds }) => takenBackSeconds !== null);
  const leadTimes = releases
    .filter(({ takenBackSeconds }) => takenBackSeconds === null)
    .flatMap(({ commit, atSeconds }) =>
      (committed.get(commit) ?? []).map((madeSeconds) => Math.max(0, atSeconds - madeSeconds)),
    );
  const restores = entries
    .filter(({ kind }) => kind === 'rollback')
    .flatMap(({ atSeconds }) => {
      const failed = all.filter(({ takenBackSeconds }) => takenBackSeconds === atSeconds);
      return failed.length === 0 ? [] : [atSeconds - Math.min(...failed.map((release) => release.atSeconds))];
    });
  const weeks = (period.toSeconds - period.fromSeconds) / (7 * 24 * 3_600);
  return {
    releases: releases.length,
    releasesPerWeek: releases.length / weeks,
    leadTimeSeconds: median(leadTimes),
    leadTimeCommits: leadTimes.length,
    takenBack: takenBack.length,
    takenBackShare: releases.length === 0 ? null : takenBack.length / releases.length,
    restoreSeconds: median(restores),
    restores: restores.length,
  };
}

/** The middle of some numbers, and of an even count the mean of the two in the middle; null for none. */
function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
