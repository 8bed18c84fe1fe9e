import { OperationError } from 'zerodrop/errors';
import { filesAt } from 'zerodrop/files';
import { git } from 'zerodrop/git';
import { type Attempt, type Expected, readExpected } from 'zerodrop/verify';
import { manifestsPath, parsePin, partsOf, pinPath, type TargetPath } from '../../apps/pins.ts';
import type { Target } from '../../apps/project.ts';
import { parseImageReference, tellApart } from '../outcome.ts';
import type { Surroundings } from '../publish/race.ts';
import type { Asked } from '../publish/render.ts';
import { rollBack } from '../rollback/rollback.ts';

/** What was done about a failure. */
export interface WentBack {
  readonly taken: Taken;
  /** The rollout of what took its place; null where nothing was rolled back, or no Deployment of the service is there now. */
  readonly back: Attempt | null;
}

/** What became of a release that failed. */
export type Taken =
  | { readonly kind: 'left'; readonly because: string }
  | { readonly kind: 'rolled-back'; readonly commit: string; readonly from: string; readonly to: string };

/** Rolls a release back that failed, where the settings want that, and waits until what ran before runs again. */
export async function goBack(
  verified: VerifiedTarget,
  { ending, objection }: Attempt,
  again: (expected: Expected) => Promise<Attempt>,
): Promise<WentBack> {
  const { environment, target, expected, isNamed, surroundings, tell } = verified;
  const { directory } = surroundings;
  const release = await releaseOf(directory, target.path, expected.commit);
  const released = release === null ? null : await readTarget(directory, target.path, release);
  const because = reasonToLeave({
    environment,
    commit: expected.commit,
    isNamed,
    isSuperseded: ending.isSuperseded,
    isSilent: objection?.kind === 'silent',
    isLossyBefore: objection?.kind === 'lost' && objection.before,
    isLate: objection?.kind === 'late',
    isUnderWay: ending.kind === 'failed' && ending.isUnderWay,
    isRelease: released?.manifests === expected.manifests,
    autoRollback: target.environment.autoRollback ?? false,
  });
  if (because !== null) return { taken: { kind: 'left', because }, back: null };
  const asked = { environment, service: target.service.name };
  const taken = await rollReleaseBack(asked, release ?? expected.commit, surroundings);
  if (taken.kind === 'left') return { taken, back: null };
  tell(`rolled back from ${taken.from} to ${taken.to} by ${taken.commit.slice(0, 7)}`);
  const former = await readTarget(directory, target.path, taken.commit);
  return { taken, back: former === null ? null : await again(former) };
}

/** The commit, at `from` or before it, that released what an environment runs there; null where nothing is pinned. */
export async function releaseOf(directory: string, target: TargetPath, from: string): Promise<string | null> {
  const last = ['log', '--first-parent', '--max-count=1', '--no-show-signature', '--format=%H'];
  const commit = await git(directory, ...last, from, '--', pinPath(target));
  return commit === '' ? null : commit;
}

/** What is known of a release that failed. */
export interface Failure {
  readonly environment: string;
  /** The commit that was to be verified, 40 hex digits. */
  readonly commit: string;
  /** Whether it was named, or is only what is checked out. */
  readonly isNamed: boolean;
  readonly isSuperseded: boolean;
  /** Nothing answered at the endpoint, not even wrongly. */
  readonly isSilent: boolean;
  /** Requests were lost before the first new pod was there, too. */
  readonly isLossyBefore: boolean;
  /** It is rolled out, and only took long. */
  readonly isLate: boolean;
  /** The time was over while pods were still being replaced. */
  readonly isUnderWay: boolean;
  /** Whether a release is all that brought the environment to where it is. */
  readonly isRelease: boolean;
  readonly autoRollback: boolean;
}

/** Why a release that failed is not rolled back automatically; null where it is. */
export function reasonToLeave(failure: Failure): string | null {
  const { environment, commit } = failure;
  const byHand = `To roll back: npm run release -- rollback --environment ${environment}`;
  if (failure.isSuperseded)
    return 'A later commit failed, not the one to verify. The run that verifies that commit decides about it.';
  if (!failure.isRelease) {
    return `A change of configuration failed, not a release. To undo it: git revert ${commit.slice(0, 12)}`;
  }
  if (!failure.autoRollback) return `settings.ts does not set autoRollback for ${environment}. ${byHand}`;
  if (failure.isUnderWay) return `The rollout was still making progress and may complete. ${byHand}`;
  if (failure.isLossyBefore) return `Requests were lost before its first pod was there, too. ${byHand}`;
  if (failure.isLate) return `It is rolled out, and a revert would take as long. ${byHand}`;
  if (failure.isSilent) return `Clients could not reach another version either. ${byHand}`;
  if (!failure.isNamed) {
    return `It may have run for a long time: only a release named by --commit is rolled back automatically. ${byHand}`;
  }
  return null;
}

/**
 * Rolls a release back by a revert on the remote's main. Returns what prevents that, and does not throw it, because the failure
 * comes first: only an interruption is thrown.
 */
export async function rollReleaseBack(asked: Asked, release: string, surroundings: Surroundings): Promise<Taken> {
  try {
    const ended = await rollBack({ ...asked, release, allowance: null }, surroundings);
    if (ended.kind === 'gone') return left('It was rolled back already.');
    if (ended.kind === 'refused') return left(ended.refusals.map(({ sentence }) => sentence).join('\n'));
    const [from, to] = tellApart(ended.release.pin, ended.target.pin);
    return { kind: 'rolled-back', commit: ended.commit, from, to };
  } catch (error) {
    if (!(error instanceof OperationError) || surroundings.signal.aborted) throw error;
    return left(error.message);
  }
}

function left(because: string): Taken {
  return { kind: 'left', because };
}

/** A target whose rollout is verified, and how. */
export interface VerifiedTarget {
  readonly environment: string;
  readonly target: Target;
  readonly expected: Expected;
  /** The commit was named, and is not only what is checked out. */
  readonly isNamed: boolean;
  /** Null for as long as the manifests let a rollout take. */
  readonly withinMs: number | null;
  /** The clone, for the history and for a rollback. */
  readonly surroundings: Surroundings;
  /** Where the receipt is written; null for nowhere. */
  readonly receiptFile: string | null;
  /** Tells a person what happens meanwhile. */
  readonly tell: (line: string) => void;
}

/** What a target is to run at a commit, and the version that it is to answer; null where it has no Deployment there, before its first release. */
export async function readTarget(directory: string, target: TargetPath, commit: string): Promise<Expected | null> {
  const path = pinPath(target);
  const expected = await readExpected(directory, { paths: [manifestsPath(target)] }, partsOf(target).service, commit);
  if (expected === null) return null;
  const pinned = (await filesAt(directory, commit, path)).get(path);
  if (typeof pinned !== 'string') return { ...expected, version: null };
  const { image, source } = parsePin(pinned, path);
  return { ...expected, version: { tag: parseImageReference(image).tag, source } };
}
