import type { Settings } from '../../settings/settings.ts';
import type { JsonObject } from '../terraform-json.ts';
import { rootApplication, rootProject } from './root.ts';

interface Manifest {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec: object;
}

/** A manifest as the argocd-apps chart takes it: by name, with the spec's fields beside the namespace. */
function entry({ metadata, spec }: Manifest): JsonObject {
  const { name = '', namespace = '' } = metadata ?? {};
  // Through JSON, which is what the chart gets in the end.
  const fields: JsonObject = JSON.parse(JSON.stringify(spec));
  return { [name]: { namespace, ...fields } };
}

/** The values of the argocd-apps chart: the root and its project, from the definitions that argocd/ is rendered with too. */
export function appsValues(settings: Settings): JsonObject {
  return { projects: entry(rootProject(settings)), applications: entry(rootApplication(settings)) };
}
