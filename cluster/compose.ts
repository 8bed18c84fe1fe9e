import { App } from 'cdktf';
import type { Project } from '../apps/project.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { firstOf } from '../settings/settings.ts';
import { imageRepository } from './constructs/registry.ts';
import { withoutStackTraces } from './stack-traces.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap } from './stacks/bootstrap.ts';
import { platform } from './stacks/platform.ts';

/**
 * The three stacks of one owner's settings, in memory; `outdir` is where a synth would write them. Throws a {@link SettingsError} for more
 * than one cluster.
 */
export function compose(project: Project, outdir = 'cdktf.out'): App {
  const { clusters, services } = project.settings;
  if (clusters.length > 1) {
    throw new SettingsError([
      `clusters has ${clusters.length} entries, but cluster/ makes only one. Make the others elsewhere, or leave one.`,
    ]);
  }
  const google = resolveGoogle(firstOf(clusters).google);
  const images = imageRepository(firstOf(services).image, google);
  return withoutStackTraces(() => {
    const app = new App({ outdir });
    bootstrap(app, google);
    const infrastructure = platform(app, google, images);
    argocd(app, google, project).addDependency(infrastructure);
    return app;
  });
}
