import { App } from 'cdktf';
import { resolveGoogle } from '../settings/google/resolve.ts';
import type { Settings } from '../settings/settings.ts';
import { imageRepository } from './constructs/registry.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap } from './stacks/bootstrap.ts';
import { platform } from './stacks/platform.ts';

/** The three stacks of one owner's settings, in memory; `outdir` is where a synth would write them. */
export function compose(settings: Settings, outdir = 'cdktf.out'): App {
  const google = resolveGoogle(settings.google);
  const images = imageRepository(settings.image, google);
  const app = new App({ outdir });
  bootstrap(app, google);
  const infrastructure = platform(app, google, images);
  argocd(app, google, settings).addDependency(infrastructure);
  return app;
}
