import type { Watch } from 'zerodrop/rollout';
import { manifestsPath } from '../../apps/pins.ts';
import { type Expected, readExpected } from './expected.ts';
import { type Ending, follow, type History } from './follow.ts';
import { lineage, treeAt } from './history.ts';
import { type Objection, probe } from './probe/probe.ts';
import type { Verification } from './verification.ts';

/** A rollout that was followed to its end, and asked whether it answers. */
export interface Attempt {
  readonly ending: Ending;
  /** What speaks against its endpoint; null also where it was not asked. */
  readonly objection: Objection | null;
  readonly tookMs: number;
}

/**
 * Follows the rollout of a commit, and asks the environment's endpoint where the settings name one.
 *
 * @param lastAt when the rollout is given up, by Date.now
 */
export async function attempt(
  { target, withinMs, surroundings }: Verification,
  expected: Expected,
  watch: Watch,
  lastAt: number,
): Promise<Attempt> {
  const { directory, signal } = surroundings;
  const begunAt = Date.now();
  const history: History = {
    lineage: (awaited, found) => lineage(surroundings, awaited, found),
    manifestsAt: (commit) => treeAt(directory, commit, manifestsPath(target.path)),
    expectedAt: (commit) => readExpected(directory, target.path, commit),
  };
  const ending = await follow(watch, expected, history, withinMs, lastAt);
  const { url } = target.workload;
  const isAsked = ending.kind === 'rolled-out' && url !== undefined;
  const objection = isAsked ? await probe(url, ending.expected.pin, signal) : null;
  return { ending, objection, tookMs: Date.now() - begunAt };
}
