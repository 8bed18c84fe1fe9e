import { repositoryPage } from '../../github/address.ts';
import { pinPath, type TargetPath } from '../pins.ts';

/** A page at GitHub about one target, as an Application names it. */
export interface Link {
  readonly name: string;
  readonly value: string;
}

/**
 * The pages of a target that Argo CD's UI can't find by itself, unlike the repository and the commit: its releases, the workflow that
 * rolls back, and the runs of all workflows. None where the repository is not at GitHub.
 */
export function targetLinks(repository: string, target: TargetPath): readonly Link[] {
  const page = repositoryPage(repository);
  if (page === null) return [];
  return [
    { name: 'Releases', value: `${page}/commits/main/${pinPath(target)}` },
    { name: 'Roll back', value: `${page}/actions/workflows/roll-back.yaml` },
    { name: 'Runs', value: `${page}/actions` },
  ];
}

/**
 * The annotation by which Argo CD links a target's releases. The UI reads it from live objects that an application manages, and
 * shows it beside the object, on the application's page and in the list of applications.
 */
export function linkAnnotations(repository: string, target: TargetPath): Readonly<Record<string, string>> {
  const [releases] = targetLinks(repository, target);
  if (releases === undefined) return {};
  return { 'link.argocd.argoproj.io/external-link': `${releases.name}|${releases.value}` };
}
