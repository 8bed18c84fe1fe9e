import { echo } from 'zerodrop/rehearse';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import { takeDowns } from '../play.ts';

/** Requests a second of each of two kinds of client. */
const rate = Number(process.env['RATE'] ?? 10);

/** What was sent to one environment, and what came back. */
export interface Traffic {
  readonly samples: readonly Sample[];
  /** Waits for the answers that are still out. */
  stop(): Promise<unknown>;
}

/** Sends requests to this address until it is stopped, or the play is taken down. */
export async function sendTo(url: string): Promise<Traffic> {
  const samples: Sample[] = [];
  const load = await startLoad({ request: echo, url, rate, onSamples: (batch) => void samples.push(...batch) });
  takeDowns.push(() => load.abandon());
  return { samples, stop: () => load.stop() };
}

/** The versions that answered among the last of these. */
export function newest({ samples }: Traffic): readonly string[] {
  return [...new Set(samples.slice(-rate).map(({ version }) => version ?? 'none'))];
}
