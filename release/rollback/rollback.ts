import { UsageError } from 'zerodrop/errors';
import { manifestsPath, partsOf, type TargetPath } from '../../apps/pins.ts';
import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import { revertMessage } from '../commit-message.ts';
import { type Allowance, commitStaged, type Refusal, judgeStaged } from '../guard.ts';
import { requireHistory } from '../history/decision.ts';
import { readPinChanges, type ReleaseInEffect } from '../history/pin-changes.ts';
import { race } from '../publish/race.ts';
import { fetchTip, standOnTip, toMain } from '../publish/remote.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import { type Tree, withTree } from '../publish/tree.ts';
import { type Asked, requireEnvironment, requireService } from '../target.ts';
import { choose, stageRevert } from './revert.ts';

/** A rollback that is asked for. */
export interface RollbackRequest extends Asked {
  /** The commit of the release to take back, 40 hex digits: another one is left alone. Null for whatever is the last. */
  readonly release: string | null;
  readonly allowance: Allowance | null;
}

/** A commit that takes a release back. */
export interface RevertedRelease {
  readonly kind: 'rolled-back';
  readonly service: string;
  readonly commit: string;
  readonly release: ReleaseInEffect;
  readonly target: ReleaseInEffect;
  /** The paths that it changes. */
  readonly changed: readonly string[];
  /** What the guard has against it. */
  readonly refusals: readonly Refusal[];
  readonly allowed: readonly Refusal[];
}

/** How a rollback ended. */
export type RolledBack = RevertedRelease | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] } | Gone;

/** Somebody else has taken it back. */
export interface Gone {
  readonly kind: 'gone';
  readonly commit: string;
}

/**
 * Takes back the last release of an environment that stands, on the newest main of the remote, and pushes that: from a
 * temporary worktree, winning races as publish does. Throws
 * OperationError where there is nothing to go back to, or the push does not get through.
 */
export function rollBack(request: RollbackRequest, surroundings: Surroundings): Promise<RolledBack> {
  const { directory, remote, callMs, signal } = surroundings;
  return withTree(directory, { callMs, signal }, async (tree) => {
    await requireHistory(tree);
    const options = { ...surroundings, destination: toMain(tree, remote) };
    let { release } = request;
    return race<RolledBack>(
      options,
      () => fetchTip(tree, remote),
      async () => {
        await standOnTip(tree);
        const outcome = await revertRelease(tree, { ...request, release }, surroundings);
        if (outcome.kind === 'gone') return { commit: null, outcome };
        // What the next attempt takes back is what this one has seen, and nothing that came in between.
        release = outcome.release.commit;
        if (outcome.refusals.length === 0) return { commit: outcome.commit, outcome };
        return { commit: null, outcome: { kind: 'refused', refusals: outcome.refusals } };
      },
    );
  });
}

/**
 * Commits a rollback on the main that a tree stands on, whatever the guard says of it. Nothing of the settings is read, and as a
 * rule nothing rendered: a main whose code is broken can be rolled back.
 */
export async function revertRelease(
  tree: Tree,
  { release: wanted, allowance, ...asked }: RollbackRequest,
  surroundings: Surroundings,
): Promise<RevertedRelease | Gone> {
  const path = await pathOf(tree, asked);
  const changes = await readPinChanges(tree, path);
  if (changes.length === 0) await requireKnownNames(tree, asked);
  const choice = choose(path, changes, wanted);
  if (choice.kind === 'gone') return choice;
  const { release, target } = choice;
  await stageRevert(tree, path, release, target, surroundings);
  const returning = new Set([manifestsPath(path)]);
  const { changed, refusals, allowed, used } = await judgeStaged(tree, allowance, returning);
  const subject = await tree.git('show', '--no-patch', '--no-show-signature', '--format=%s', release.commit);
  const commit = await commitStaged(tree, revertMessage(subject, release.commit, used));
  return { kind: 'rolled-back', service: partsOf(path).service, commit, release, target, changed, refusals, allowed };
}

/**
 * The target that is asked for. Where the settings are broken, the pins that are there say which services the environment has: nothing
 * but the name may keep a rollback from going on.
 */
export async function pathOf(tree: Tree, { environment, service }: Asked): Promise<TargetPath> {
  if (service !== undefined) return `${environment}/${service}`;
  try {
    return `${environment}/${requireService(service, await loadSettings(tree.directory))}`;
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    const listed = await tree.git('ls-tree', '--name-only', 'HEAD', '--', `apps/images/${environment}/`);
    const names = listed.split('\n').flatMap((path) => /\/([a-z0-9-]+)\.json$/.exec(path)?.[1] ?? []);
    const [only, ...more] = names;
    if (only !== undefined && more.length === 0) return `${environment}/${only}`;
    const pinned = names.length === 0 ? 'none' : names.join(', ');
    throw new UsageError(
      `--service is missing, and settings.ts can't be read. Name the service: ${environment} has pins of ${pinned}.`,
      { cause: error },
    );
  }
}

/** Gives another sentence to what was never released: a name that the settings do not have. Settings that are broken don't stop it. */
async function requireKnownNames(tree: Tree, { environment, service }: Asked): Promise<void> {
  try {
    const settings = await loadSettings(tree.directory);
    requireEnvironment(environment, settings);
    requireService(service, settings);
  } catch (error) {
    if (!isSettingsError(error)) throw error;
  }
}
