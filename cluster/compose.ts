import { App } from 'cdktf';
import type { ClusterProject } from './cluster-project.ts';
import { terraformStacks } from './stack.ts';
import { argocd } from './stacks/argocd.ts';
import { bootstrap, platform } from './stacks/google.ts';
import type { JsonObject, Stacks } from './terraform-json.ts';

/** The three stacks of one cluster, in memory; `outdir` is where a synth would write them. */
export function compose(cluster: ClusterProject, outdir = 'cdktf.out'): App {
  return withoutStackTraces(() => {
    const app = new App({ outdir });
    bootstrap(app, cluster);
    const infrastructure = platform(app, cluster);
    argocd(app, cluster).addDependency(infrastructure);
    return app;
  });
}

/** What each stack would be written as. */
export function stacksOf(app: App): Stacks {
  const stacks = terraformStacks(app);
  return withoutStackTraces(() => {
    for (const stack of stacks) stack.prepareStack();
    return new Map(
      stacks.map((stack) => {
        const json: JsonObject = JSON.parse(JSON.stringify(stack.toTerraform()));
        return [stack.node.id, json];
      }),
    );
  });
}

/**
 * Runs what makes or resolves CDKTF's constructs. CDKTF takes a stack trace for each reference, and nothing here reads one: to write them
 * out takes longer than all the rest. So they are empty meanwhile. The trace of an error that is thrown is written when somebody reads it.
 */
export function withoutStackTraces<T>(make: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => '';
  try {
    return make();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
