import type { Observation, Observed } from 'zerodrop/rollout';

/** Makes a teller that keeps quiet where nothing is new: states that stay as they were, warnings that were told before. */
export function tellNews(tell: (observed: Observed) => void): (observation: Observation, at: number) => void {
  const last = new Map<string, string>();
  const told = new Set<string>();
  return (observation, at) => {
    const words = JSON.stringify(observation);
    const isState = observation.kind !== 'warning' && observation.kind !== 'not-run';
    if (isState ? last.get(observation.kind) === words : told.has(words)) return;
    if (isState) last.set(observation.kind, words);
    else told.add(words);
    tell({ ...observation, at });
  };
}
