import { echo } from 'zerodrop/rehearse';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import type { Effect } from './play.ts';

/** What was seen of one example. What did not happen is left out. */
export interface Observation {
  readonly sent: number;
  readonly lost: number;
  /** How many requests failed in which way. */
  readonly failures: Readonly<Record<string, number>>;
  /** What the API server or Argo CD says. */
  readonly refused?: string;
  /** Why a rollout or a drain was not at its end in time. */
  readonly stuck?: string;
  readonly gone?: readonly string[];
  readonly remade?: readonly string[];
  /** The versions that answered in the last three seconds, where they are not the one that should. */
  readonly version?: string;
  /** How long the last commit had not been synced at the end, in seconds. */
  readonly waits?: number;
  /** The fewest pods that were available, and how many the manifest wants. */
  readonly fewer?: { readonly available: number; readonly wanted: number };
}

/** For how long before the end every answer has to be of the right version. */
const lastMs = 3_000;

/** Sends so many requests a second, half of them over kept connections, for as long as the work lasts, and says how they ended. */
export async function underLoad(
  url: string,
  rate: number,
  expected: string,
  work: () => Promise<void>,
): Promise<Pick<Observation, 'sent' | 'lost' | 'failures' | 'version'>> {
  const samples: Sample[] = [];
  const load = await startLoad({
    request: echo,
    url,
    rate: rate / 2,
    onSamples: (batch) => void samples.push(...batch),
  });
  try {
    await work();
  } finally {
    await load.stop();
  }
  const endedAt = Math.max(...samples.map(({ sentAt }) => sentAt));
  const version = wrongVersion(samples, endedAt - lastMs, expected);
  return { ...tally(samples), ...(version === undefined ? {} : { version }) };
}

/** Counts how requests ended. */
function tally(samples: readonly Sample[]): Pick<Observation, 'sent' | 'lost' | 'failures'> {
  const failures: Record<string, number> = {};
  for (const { failure } of samples) if (failure !== null) failures[failure] = (failures[failure] ?? 0) + 1;
  return { sent: samples.length, lost: Object.values(failures).reduce((sum, count) => sum + count, 0), failures };
}

/** The versions that answered since then, where they are not the one that should; undefined where they are, or nobody answered. */
function wrongVersion(samples: readonly Sample[], since: number, expected: string): string | undefined {
  const late = samples.filter(({ sentAt, version }) => sentAt >= since && version !== null);
  const versions = [...new Set(late.map(({ version }) => version ?? ''))].toSorted();
  return versions.every((version) => version === expected) ? undefined : versions.join(' and ');
}

/** What became of an example. */
export function effectsOf(seen: Observation): ReadonlySet<Effect> {
  const effects: Effect[] = seen.lost > 0 ? ['lost'] : [];
  for (const effect of ['refused', 'stuck', 'gone', 'remade', 'version', 'waits', 'fewer'] as const) {
    if (seen[effect] !== undefined) effects.push(effect);
  }
  return new Set(effects);
}
