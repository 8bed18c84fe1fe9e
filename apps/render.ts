import { RenderError } from '../settings/settings-error.ts';
import { application } from './argo/application.ts';
import { linkAnnotations } from './argo/links.ts';
import { type GroupKind, isIn } from './argo/made-kinds.ts';
import { project } from './argo/project.ts';
import { pinPath, type Pins } from './pins.ts';
import { type Project, serviceFile } from './project.ts';
import { type TargetDocuments, targetDocuments } from './target-documents.ts';
import { folderProblems, namespacedKinds } from './validate.ts';
import { renderYaml } from './yaml.ts';

/**
 * Every rendered file by its path in the repository: what runs in each environment, and Argo CD's own objects. Throws a
 * {@link RenderError} where an environment's rollout does not hold, and for what an API server or Argo CD would refuse.
 */
export function render({ settings, targets }: Project, pins: Pins): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const applications: unknown[] = [];
  const kinds: GroupKind[] = [];
  const problems: string[] = [];
  for (const target of targets) {
    const { service, namespace } = target;
    const { name } = target.environment;
    const image = pins.get(name)?.image ?? null;
    const make = (reference: string | null): TargetDocuments =>
      targetDocuments(target, reference, linkAnnotations(settings.repository, name));
    const documents = make(image);
    // A Deployment that comes with the first release is checked before it.
    const checked = image === null ? make(`${service.image}:unreleased@sha256:${'0'.repeat(64)}`) : documents;
    kinds.push(...namespacedKinds(checked.service).filter((kind) => !isIn(kinds, kind)));
    problems.push(
      ...folderProblems([...checked.namespace, ...checked.service], namespace).map(
        (problem) => `manifests/${name}/: ${problem}`,
      ),
    );
    files.set(
      `manifests/${name}/namespace.yaml`,
      renderYaml(['settings.ts', 'apps/namespace.ts'], documents.namespace),
    );
    files.set(
      `manifests/${name}/${service.name}.yaml`,
      renderYaml(['settings.ts', serviceFile(service.name), pinPath(name)], documents.service),
    );
    const follower = application(settings.repository, target);
    applications.push(follower);
    files.set(`argocd/${name}.yaml`, renderYaml(['settings.ts', 'apps/argo/application.ts'], [follower]));
  }
  const own = project(settings.repository, targets, kinds);
  files.set('argocd/project.yaml', renderYaml(['settings.ts', 'apps/argo/project.ts'], [own]));
  problems.push(...folderProblems([own, ...applications], null).map((problem) => `argocd/: ${problem}`));
  if (problems.length > 0) throw new RenderError(problems);
  return files;
}
