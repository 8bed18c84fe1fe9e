import { git } from 'zerodrop/git';
import { partsOf, type TargetPath } from '../../apps/pins.ts';
import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import { tellApart } from '../image.ts';
import { fetchTip, standOnTip } from '../publish/remote.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import { type Tree, withTree } from '../publish/tree.ts';
import { bodyOf, commitsBetween, renderedDifference } from '../pull-request/body.ts';
import type { Draft } from '../pull-request/offer.ts';
import { type Asked, branchOf } from '../target.ts';
import { type Gone, pathOf, type RollbackRequest, revertRelease } from './rollback.ts';

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
