import type { Watch } from 'zerodrop/rollout';
import { attempt, type Attempt } from './attempt.ts';
import { readExpected } from './expected.ts';
import { releaseOf } from './history.ts';
import { reasonToLeave } from './leave.ts';
import { type Taken, takeReleaseBack } from './take-back.ts';
import type { Verification } from './verification.ts';

/** What was done about a failure. */
export interface WentBack {
  readonly taken: Taken;
  /** The rollout of what took its place; null where nothing was taken back, or no Deployment of the service is there now. */
  readonly back: Attempt | null;
}

/** Takes a release that failed back where the settings want that, and waits until what ran before runs again. */
export async function goBack(
  verification: Verification,
  { ending, objection }: Attempt,
  watch: Watch,
  lastAt: number,
): Promise<WentBack> {
  const { environment, target, expected, isNamed, surroundings, tell } = verification;
  const { directory } = surroundings;
  const read = (commit: string) => readExpected(directory, target.path, commit);
  const release = await releaseOf(directory, target.path, expected.commit);
  const released = release === null ? null : await read(release);
  const because = reasonToLeave({
    environment,
    commit: expected.commit,
    isNamed,
    isSuperseded: ending.isSuperseded,
    isSilent: objection?.kind === 'silent',
    isUnderWay: ending.kind === 'failed' && ending.isUnderWay,
    isRelease: released?.manifests === expected.manifests,
    autoRollback: target.environment.autoRollback ?? false,
  });
  if (because !== null) return { taken: { kind: 'left', because }, back: null };
  const taken = await takeReleaseBack(
    { environment, service: target.service.name },
    release ?? expected.commit,
    surroundings,
  );
  if (taken.kind === 'left') return { taken, back: null };
  tell(`rolled back from ${taken.from} to ${taken.to} by ${taken.commit.slice(0, 7)}`);
  const former = await read(taken.commit);
  return { taken, back: former === null ? null : await attempt(verification, former, watch, lastAt) };
}
