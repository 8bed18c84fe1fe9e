import { App } from 'cdktf';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { Settings } from '../settings/settings.ts';
import { rootName } from './argocd/root.ts';
import { imageRepository } from './constructs/registry.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap } from './stacks/bootstrap.ts';
import { platform } from './stacks/platform.ts';

/**
 * The three stacks of one owner's settings, in memory; `outdir` is where a synth would write them. Throws a
 * {@link SettingsError} where they and the stacks do not fit together.
 */
export function compose(settings: Settings, outdir = 'cdktf.out'): App {
  const google = resolveGoogle(settings.google);
  const images = imageRepository(settings.image, google);
  if (images === null && settings.image.includes('-docker.pkg.dev/')) {
    throw new SettingsError([
      `image is '${settings.image}', which is not in project ${google.project}, so its nodes may not pull it. Begin it with ${google.region}-docker.pkg.dev/${google.project}/${google.name}/, or change google.project.`,
    ]);
  }
  if (settings.service === rootName) {
    throw new SettingsError([
      `service is '${rootName}', the name of the application that Argo CD starts from. Choose another.`,
    ]);
  }
  const app = new App({ outdir });
  bootstrap(app, google);
  const infrastructure = platform(app, google, images);
  argocd(app, google, settings).addDependency(infrastructure);
  return app;
}
