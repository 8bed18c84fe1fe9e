import { UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { manifestsPath, partsOf, type TargetPath } from '../../apps/pins.ts';
import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/sentences.ts';
import { revertMessage } from '../commit-message.ts';
import { commitStaged, judgeStaged, type Refusal } from '../guard.ts';
import { requireHistory } from '../history/decision.ts';
import { readPinChanges, type ReleaseInEffect } from '../history/pin-changes.ts';
import type { Allowance } from '../options.ts';
import { tellApart } from '../outcome.ts';
import { race, type Surroundings } from '../publish/race.ts';
import { fetchTip, standOnTip, toMain } from '../publish/remote.ts';
import { type Asked, branchOf, requireEnvironment, requireService } from '../publish/render.ts';
import { type Tree, withTree } from '../publish/tree.ts';
import { bodyOf, commitsBetween, renderedDifference } from '../pull-request/body.ts';
import type { Draft } from '../pull-request/offer.ts';
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
async function revertRelease(
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
async function pathOf(tree: Tree, { environment, service }: Asked): Promise<TargetPath> {
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

/** The branch of the one open rollback of a target. */
export function rollbackBranch(target: TargetPath): string {
  return branchOf('roll-back', partsOf(target));
}

/** The target of a rollback, by the newest main where the service is left out. */
export async function findTarget(
  asked: Asked,
  { directory, remote, callMs, signal }: Surroundings,
): Promise<TargetPath> {
  const { environment, service } = asked;
  if (service !== undefined) return `${environment}/${service}`;
  return withTree(directory, { callMs, signal }, async (tree) => {
    await fetchTip(tree, remote);
    await standOnTip(tree);
    return pathOf(tree, asked);
  });
}

/** Makes the commit and the words of a rollback, on the main that a tree stands on. Throws as rollBack does. */
export async function draftRollback(
  request: RollbackRequest,
  surroundings: Surroundings,
  tree: Tree,
): Promise<Draft | Gone> {
  const taken = await revertRelease(tree, request, surroundings);
  if (taken.kind === 'gone') return taken;
  const { service, commit, release, target, refusals, allowed, changed } = taken;
  const repository = await readRepository(tree.directory, surroundings.remote);
  const { environment } = request;
  const [from, to] = tellApart(release.pin, target.pin);
  const body = bodyOf({
    purpose: `Merging this rolls **${environment}** back from **${service} ${from}** to **${to}**, by reverting ${release.commit}.`,
    from: release.pin,
    to: target.pin,
    direction: 'leave',
    commits: await commitsBetween(tree, target.pin.source, release.pin.source),
    refusals,
    allowed,
    forecast: null,
    diff: await renderedDifference(tree),
    repository,
    command: 'npm run release -- rollback',
  });
  const title = `Roll ${environment} back to ${service} ${to}`;
  return { kind: 'draft', title, body, commit, changed };
}

/** Where the repository of a rollback is, by the settings in `directory`; by the remote's address where they are broken. */
export async function readRepository(directory: string, remote: string): Promise<string> {
  try {
    return (await loadSettings(directory)).repository;
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    return git(directory, 'remote', 'get-url', remote);
  }
}
