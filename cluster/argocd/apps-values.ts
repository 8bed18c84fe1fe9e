import type { ClusterProject } from '../compose.ts';
import type { Json, JsonObject } from '../terraform-json.ts';
import { defaultProject, rootApplication, rootProject } from './root.ts';

interface Manifest {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec: object;
}

// Through JSON, which is what the chart gets in the end.
function plain(value: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(value));
  return json;
}

/** A manifest as the chart takes an application: by name, with the spec's fields beside the namespace. */
function entry({ metadata, spec }: Manifest): JsonObject {
  const { name = '', namespace = '' } = metadata ?? {};
  return { [name]: { namespace, ...plain(spec) } };
}

/** A manifest as it is. The chart's own template of a project leaves out the fields that it does not know, and empty lists. */
function whole(manifest: Manifest): Json {
  return { items: [{ name: manifest.metadata?.name ?? '' }], template: plain(manifest) };
}

/** The values of the argocd-apps chart: the root, its project, and Argo CD's own project `default`, which permits nothing. */
export function appsValues({ repository, argoFolder }: Pick<ClusterProject, 'repository' | 'argoFolder'>): JsonObject {
  return {
    itemTemplates: [whole(rootProject(repository)), whole(defaultProject())],
    applications: entry(rootApplication(repository, argoFolder)),
  };
}
