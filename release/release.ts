import { filesAt } from 'zerodrop/files';
import { manifestsPath, pinPath } from '../apps/pins.ts';
import type { Project } from '../apps/project.ts';
import { writeOver, writeRendered } from '../apps/write.ts';
import { commitMessage } from './commit-message.ts';
import { commitFiles } from './commit.ts';
import { formatImageReference } from './image.ts';
import type { Outcome } from './outcome.ts';
import { planRelease, type ReleaseRequest } from './plan.ts';
import { readSourceCommit, requireSource } from './source-commit.ts';
import { isOwn } from './target.ts';
import { requireReleasable } from './working-copy.ts';

/**
 * Makes a release one commit on the branch of a working copy, whose root is `directory`: pins, renders, asks the guard, and
 * only then writes. Throws UsageError for what the settings do not know, and OperationError where the working copy can't take
 * the commit; nothing is changed then.
 */
export async function release(
  request: ReleaseRequest & { readonly directory: string },
  project: Project,
): Promise<Outcome> {
  const { directory, environment, image, source } = request;
  const branch = await requireReleasable(directory);
  await requireSource(directory, source, branch);
  const committed = await filesAt(directory, 'HEAD', 'manifests', 'argocd', 'apps/images');
  const plan = planRelease(request, project, committed);
  if (plan.kind === 'refused') return plan;
  if (plan.kind === 'unchanged') return { kind: 'unchanged', environment, image: formatImageReference(image) };

  const { target, rendered, pinText, changed, replaced, allowed, used } = plan;
  const message = commitMessage({
    service: target.service.name,
    environment,
    image,
    source,
    repository: project.settings.repository,
    sourceCommit: await readSourceCommit(directory, source),
    replaced,
    allowance: used,
  });
  const own = [...committed.keys()].filter((path) => isOwn(path, target.path));
  const paths = [...new Set([...own, ...rendered.keys(), ...changed])];
  const commit = await commitFiles(directory, { paths, changed, message }, async () => {
    await writeOver(directory, pinPath(target.path), pinText);
    await writeRendered(directory, rendered, [manifestsPath(target.path)]);
  });
  return { kind: 'committed', commit, allowed };
}
