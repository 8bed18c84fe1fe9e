import { App } from 'cdktf';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { Settings } from '../settings/settings.ts';
import { rootName } from './argocd/root.ts';
import { registryPath } from './constructs/registry.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap } from './stacks/bootstrap.ts';
import { platform } from './stacks/platform.ts';

/**
 * The three stacks of one owner's settings, in memory; `outdir` is where a synth would write them. Throws a
 * {@link SettingsError} where they and the stacks do not fit together.
 */
export function compose(settings: Settings, outdir = 'cdktf.out'): App {
  const google = resolveGoogle(settings.google);
  const path = registryPath(google);
  if (!settings.image.startsWith(path)) {
    throw new SettingsError([
      `image is '${settings.image}', but the registry that cluster/ makes is ${path}. Begin the image with it, or change google.region, google.project or google.name.`,
    ]);
  }
  if (settings.service === rootName) {
    throw new SettingsError([
      `service is '${rootName}', the name of the application that Argo CD starts from. Choose another.`,
    ]);
  }
  const app = new App({ outdir });
  bootstrap(app, google);
  const infrastructure = platform(app, google);
  argocd(app, google, settings).addDependency(infrastructure);
  return app;
}
