import { RenderError } from '../settings/settings-error.ts';
import { application } from './argo/application.ts';
import { linkAnnotations } from './argo/links.ts';
import { type GroupKind, isIn } from './argo/made-kinds.ts';
import { project } from './argo/project.ts';
import { applicationPath, manifestsPath, pinPath, type Pins, projectPath } from './pins.ts';
import { type Project, serviceFile, type Target } from './project.ts';
import { type TargetDocuments, targetDocuments } from './target-documents.ts';
import { folderProblems, namespacedKinds } from './validate.ts';
import { renderYaml } from './yaml.ts';

/**
 * Every rendered file by its path in the repository: what runs for each target, and Argo CD's own objects. Throws a
 * {@link RenderError} where a target's rollout does not hold, and for what an API server or Argo CD would refuse.
 */
export function render({ settings, targets }: Project, pins: Pins): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const argo: unknown[] = [];
  const problems: string[] = [];
  for (const { name: service } of settings.services) {
    const own = targets.filter((target) => target.service.name === service);
    if (own.length === 0) continue;
    const kinds: GroupKind[] = [];
    for (const target of own) {
      const rendered = renderTarget(settings.repository, target, pins);
      for (const [path, text] of rendered.files) files.set(path, text);
      kinds.push(...rendered.kinds.filter((kind) => !isIn(kinds, kind)));
      problems.push(...rendered.problems);
      const follower = application(settings.repository, target);
      files.set(applicationPath(target.path), renderYaml(['settings.ts', 'apps/argo/application.ts'], [follower]));
      argo.push(follower);
    }
    const permitted = project(settings.repository, own, kinds);
    files.set(projectPath(service), renderYaml(['settings.ts', 'apps/argo/project.ts'], [permitted]));
    argo.push(permitted);
  }
  problems.push(...folderProblems(argo, null).map((problem) => `argocd/: ${problem}`));
  if (problems.length > 0) throw new RenderError(problems);
  return files;
}

/** What runs for one target, the kinds of that, and what is wrong with it. */
function renderTarget(
  repository: string,
  target: Target,
  pins: Pins,
): {
  readonly files: ReadonlyMap<string, string>;
  readonly kinds: readonly GroupKind[];
  readonly problems: readonly string[];
} {
  const { path, service, namespace } = target;
  const image = pins.get(path)?.image ?? null;
  const make = (reference: string | null): TargetDocuments =>
    targetDocuments(target, reference, linkAnnotations(repository, path));
  const documents = make(image);
  // A Deployment that comes with the first release is checked before it.
  const checked = image === null ? make(`${service.image}:unreleased@sha256:${'0'.repeat(64)}`) : documents;
  const folder = manifestsPath(path);
  const found = folderProblems([...checked.namespace, ...checked.service], namespace);
  return {
    files: new Map([
      [`${folder}/namespace.yaml`, renderYaml(['settings.ts', 'apps/namespace.ts'], documents.namespace)],
      [
        `${folder}/${service.name}.yaml`,
        renderYaml(['settings.ts', serviceFile(service.name), pinPath(path)], documents.service),
      ],
    ]),
    kinds: namespacedKinds(checked.service),
    problems: found.map((problem) => `${folder}/: ${problem}`),
  };
}
