import type { Settings } from '../settings/settings.ts';
import { application } from './argo/application.ts';
import { project } from './argo/project.ts';
import { environmentDocuments } from './environment.ts';
import type { Pins } from './pins.ts';
import { pinPath } from './pins.ts';
import { renderYaml } from './yaml.ts';

/**
 * Every rendered file by its path in the repository: what runs in each environment, and Argo CD's own objects. Throws a
 * SettingsError where an environment's rollout does not hold.
 */
export function render(settings: Settings, pins: Pins): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  files.set('argocd/project.yaml', renderYaml(['settings.ts', 'apps/argo/project.ts'], [project(settings)]));
  for (const [name, environment] of Object.entries(settings.environments)) {
    const image = pins.get(name)?.image ?? null;
    const documents = environmentDocuments(settings.service, name, environment, image);
    files.set(
      `manifests/${name}/namespace.yaml`,
      renderYaml(['settings.ts', 'apps/namespace.ts'], documents.namespace),
    );
    files.set(
      `manifests/${name}/${settings.service}.yaml`,
      renderYaml(['settings.ts', pinPath(name), 'apps/lossless/'], documents.service),
    );
    files.set(
      `argocd/${name}.yaml`,
      renderYaml(['settings.ts', 'apps/argo/application.ts'], [application(settings, name, environment.namespace)]),
    );
  }
  return files;
}
