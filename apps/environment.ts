import { App, Chart } from 'cdk8s';
import { RenderError } from '../settings/settings-error.ts';
import type { EnvironmentSettings } from '../settings/settings.ts';
import { LosslessService } from './lossless/lossless-service.ts';
import { RolloutError } from './lossless/rollout-error.ts';
import { namespace } from './namespace.ts';
import { service } from './service.ts';

/** The objects of one environment, as they are rendered. */
export interface EnvironmentDocuments {
  readonly namespace: readonly unknown[];
  readonly service: readonly unknown[];
}

/**
 * Makes the objects of one environment. `image` is its pinned image, null before its first release; `annotations` are its Deployment's. Throws a
 * {@link RenderError} that names the file and the environment where its rollout's arithmetic does not hold.
 */
export function environmentDocuments(
  serviceName: string,
  name: string,
  environment: EnvironmentSettings,
  image: string | null,
  annotations: Readonly<Record<string, string>>,
): EnvironmentDocuments {
  const app = new App();
  const namespaceChart = new Chart(app, 'namespace');
  namespace(namespaceChart, environment.namespace);
  const serviceChart = new Chart(app, 'service');
  try {
    new LosslessService(serviceChart, serviceName, {
      ...service,
      ...environment,
      name: serviceName,
      image,
      annotations,
    });
  } catch (cause) {
    if (!(cause instanceof RolloutError)) throw cause;
    throw new RenderError(
      cause.problems.map((problem) => `${fileOf(problem)}: environments.${name}: ${problem}`),
      { cause },
    );
  }
  return { namespace: namespaceChart.toJson(), service: serviceChart.toJson() };
}

/** A problem begins with the name of the value, which is in one of two files. */
function fileOf(problem: string): string {
  const [value = ''] = problem.split(' ');
  return Object.hasOwn(service, value) ? 'apps/service.ts' : 'settings.ts';
}
