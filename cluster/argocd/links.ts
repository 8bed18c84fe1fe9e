import { stringify } from 'yaml';
import type { Settings } from '../../settings/settings.ts';
import type { JsonObject } from '../terraform-json.ts';

/** The repository's page, for an address that Argo CD clones; null for a host whose pages we don't know. */
export function repositoryPage(repository: string): string | null {
  const match = /^(?:https:\/\/github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(
    repository,
  );
  return match === null ? null : `https://github.com/${match[1] ?? ''}`;
}

function yaml(list: readonly JsonObject[]): string {
  return stringify(list, { version: '1.1', lineWidth: 0 });
}

/** Links in Argo CD's pages: from an application to its repository and the commit that runs, from a Service to its answer. */
export function links(settings: Settings): JsonObject {
  const page = repositoryPage(settings.repository);
  const service = {
    title: 'Version that answers',
    url: 'http://{{ (index .resource.status.loadBalancer.ingress 0).ip }}/version',
    if: 'resource.kind == "Service" && resource.spec.type == "LoadBalancer" && resource.status.loadBalancer.ingress != nil',
    'icon.class': 'fa-globe',
  };
  return {
    ...(page === null ? {} : { 'application.links': yaml(applicationLinks(page)) }),
    'resource.links': yaml([service]),
  };
}

function applicationLinks(page: string): JsonObject[] {
  return [
    {
      title: 'Repository',
      url: `${page}/tree/main/{{ .application.spec.source.path }}`,
      'icon.class': 'fa-code-branch',
    },
    {
      title: 'Commit',
      url: `${page}/commit/{{ .application.status.sync.revision }}`,
      'icon.class': 'fa-history',
    },
  ];
}
