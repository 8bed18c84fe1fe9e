import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import type { Pin } from '../../apps/pins.ts';
import { loadProject, type Project, type Target } from '../../apps/project.ts';
import type { ImageReference } from '../../settings/image.ts';
import { activeFreeze, type Freeze } from '../../settings/settings.ts';
import { commitMessage, requireSource } from '../commit-message.ts';
import { commitStaged, judgeStaged, type Refusal } from '../guard.ts';
import { decide, type Decision, pinnedNow, readHistory, requireHistory } from '../history/decision.ts';
import { readPinChanges } from '../history/pin-changes.ts';
import type { Allowance } from '../options.ts';
import { formatImageReference } from '../outcome.ts';
import { race, type Surroundings } from './race.ts';
import { fetchTip, mainBranch, standOnTip, toMain } from './remote.ts';
import { type Asked, pinAndRender, requireReleasable, requireRenderedArgo, requireTarget } from './render.ts';
import { type Tree, withTree } from './tree.ts';
import { withoutHooks } from './worktree.ts';

/** One image for one target. */
export interface PublishRequest extends Asked {
  readonly image: ImageReference;
  /** The commit that the image was built from, 40 hex digits. */
  readonly source: string;
  /** The rules of the guard that this release may break; null for none. */
  readonly allowance: Allowance | null;
  /** Releases also what was rolled back. */
  readonly again: boolean;
  /** Releases also into a frozen environment: a rehearsal, whose commit nobody pushes. */
  readonly despiteFreeze?: boolean;
}

/** How a publishing ended. */
export type Published =
  | { readonly kind: 'published'; readonly commit: string; readonly allowed: readonly Refusal[] }
  /** Main has it already, since this commit; null where it has no commit of its own. */
  | { readonly kind: 'unchanged'; readonly commit: string | null }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** The environment takes no release now. */
  | { readonly kind: 'frozen'; readonly freeze: Freeze }
  | Exclude<Decision, { readonly kind: 'go' }>;

/**
 * Releases an image on the newest main of the remote and pushes it, in a temporary worktree: the clone's own branch, index and
 * files are not looked at. Each attempt begins with the history, because what was newest a moment ago may be no more. Throws
 * UsageError for what the settings do not know, and OperationError where the release can't be made or does not get through.
 */
export function publish(request: PublishRequest, surroundings: Surroundings): Promise<Published> {
  const { directory, remote, callMs, signal } = surroundings;
  return withTree(directory, { callMs, signal }, async (tree) => {
    await requireHistory(tree);
    const options = { ...surroundings, destination: toMain(tree, remote) };
    return race<Published>(
      options,
      () => fetchTip(tree, remote),
      async () => {
        await standOnTip(tree);
        const outcome = await commitRelease(tree, request, surroundings, `${mainBranch} at ${remote}`);
        return { commit: outcome.kind === 'published' ? outcome.commit : null, outcome };
      },
    );
  });
}

/**
 * Makes the same commit on the branch that the clone has checked out, and pushes nothing. The branch and its files move on to it when it
 * is made, and not before. Throws as {@link publish} does, and {@link OperationError} where the working copy can't take the commit.
 */
export async function publishHere(request: PublishRequest, surroundings: Surroundings): Promise<Published> {
  const { directory, callMs, signal } = surroundings;
  const branch = await requireReleasable(directory);
  return withTree(directory, { callMs, signal }, async (tree) => {
    await tree.git('checkout', '--quiet', '--force', '--detach', 'HEAD');
    const outcome = await commitRelease(tree, request, surroundings, branch);
    if (outcome.kind === 'published') await moveOn(directory, outcome.commit);
    return outcome;
  });
}

/** Moves a clean branch on to a commit on top of it. */
async function moveOn(directory: string, commit: string): Promise<void> {
  try {
    await git(directory, ...withoutHooks, 'merge', '--quiet', '--ff-only', '--no-verify-signatures', commit);
  } catch (cause) {
    if (!(cause instanceof ProgramError)) throw cause;
    throw new OperationError(
      `The release is made as ${commit}, but your branch can't move on to it, and is as it was: ${cause.said}. Fix that and run this again, or take it with git merge --ff-only ${commit}.`,
      { cause },
    );
  }
}

/** @param branch what the tree stands on, for a sentence */
async function commitRelease(
  tree: Tree,
  request: PublishRequest,
  surroundings: Surroundings,
  branch: string,
): Promise<Published> {
  const { environment, image, source, allowance, again } = request;
  const project = await loadProject(tree.directory, request.service);
  const target = requireKnown(request, project);
  const wanted: Pin = { image: formatImageReference(image), source };
  const sourceCommit = await requireSource(tree.directory, source, branch);
  const changes = await readPinChanges(tree, target.path);
  const decision = decide(await readHistory(tree, changes, wanted), again);
  if (decision.kind !== 'go') return decision;

  await pinAndRender(tree, target.path, wanted, surroundings);
  await requireRenderedArgo(tree);
  const { changed, refusals, allowed, used } = await judgeStaged(tree, allowance);
  if (changed.length === 0) return { kind: 'unchanged', commit: changes[0]?.commit ?? null };
  const freeze = activeFreeze(target.environment, surroundings.dateMs());
  if (freeze !== null && request.despiteFreeze !== true) return { kind: 'frozen', freeze };
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const message = commitMessage({
    service: target.service.name,
    environment,
    image,
    source,
    repository: project.settings.repository,
    sourceCommit,
    replaced: pinnedNow(changes),
    allowance: used,
  });
  return { kind: 'published', commit: await commitStaged(tree, message), allowed };
}

/** The target that is asked for. Throws {@link UsageError} where the settings do not know it, or another image repository for it. */
function requireKnown(request: PublishRequest, project: Project): Target {
  const target = requireTarget(request, project);
  const { name, image } = target.service;
  if (request.image.repository === image) return target;
  throw new UsageError(
    `--image is of the repository ${request.image.repository}, but the image of ${name} in settings.ts is ${image}. Push the image there, or change the setting first.`,
  );
}
