import { loadProject } from '../../apps/load.ts';
import type { Pin } from '../../apps/pins.ts';
import { commitMessage } from '../commit-message.ts';
import { commitStaged, type Refusal, judgeStaged } from '../guard.ts';
import { decide, type Decision, pinnedNow, readHistory, requireHistory } from '../history/decision.ts';
import { readPinChanges } from '../history/pin-changes.ts';
import { formatImageReference } from '../image.ts';
import { type ReleaseRequest, requireKnown } from '../plan.ts';
import { readSourceCommit, requireSource } from '../source-commit.ts';
import { race } from './race.ts';
import { fetchTip, mainBranch, standOnTip, toMain } from './remote.ts';
import { pinAndRender, requireRenderedArgo } from './render.ts';
import type { Surroundings } from './surroundings.ts';
import { type Tree, withTree } from './tree.ts';

/** A release that is to be on the remote's main. */
export interface PublishRequest extends ReleaseRequest {
  /** Releases also what was rolled back. */
  readonly again: boolean;
}

/** How a publishing ended. */
export type Published =
  | { readonly kind: 'published'; readonly commit: string; readonly allowed: readonly Refusal[] }
  /** Main has it already, since this commit; null where it has no commit of its own. */
  | { readonly kind: 'unchanged'; readonly commit: string | null }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
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
        const outcome = await releaseOnTip(tree, request, surroundings);
        return { commit: outcome.kind === 'published' ? outcome.commit : null, outcome };
      },
    );
  });
}

async function releaseOnTip(tree: Tree, request: PublishRequest, surroundings: Surroundings): Promise<Published> {
  const { environment, image, source, allowance, again } = request;
  const project = await loadProject(tree.directory, request.service);
  const target = requireKnown(request, project);
  const wanted: Pin = { image: formatImageReference(image), source };
  await requireSource(tree.directory, source, `${mainBranch} at ${surroundings.remote}`);
  const changes = await readPinChanges(tree, target.path);
  const decision = decide(await readHistory(tree, changes, wanted), again);
  if (decision.kind !== 'go') return decision;

  await pinAndRender(tree, target.path, wanted, surroundings);
  await requireRenderedArgo(tree);
  const { changed, refusals, allowed, used } = await judgeStaged(tree, allowance);
  if (changed.length === 0) return { kind: 'unchanged', commit: changes[0]?.commit ?? null };
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const message = commitMessage({
    service: target.service.name,
    environment,
    image,
    source,
    repository: project.settings.repository,
    sourceCommit: await readSourceCommit(tree.directory, source),
    replaced: pinnedNow(changes),
    allowance: used,
  });
  return { kind: 'published', commit: await commitStaged(tree, message), allowed };
}
