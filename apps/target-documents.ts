import { App, Chart } from 'cdk8s';
import { RenderError } from '../settings/settings-error.ts';
import { LosslessService } from './lossless/lossless-service.ts';
import { RolloutError } from './lossless/problems.ts';
import { namespace } from './namespace.ts';
import { serviceFile, type Target } from './project.ts';

/** The objects of one target, as they are rendered. */
export interface TargetDocuments {
  readonly namespace: readonly unknown[];
  readonly service: readonly unknown[];
}

/**
 * Makes the objects of one target. `image` is its pinned image, null before its first release; `annotations` are its Deployment's. Throws a
 * {@link RenderError} that names the file and the environment where its rollout's arithmetic does not hold.
 */
export function targetDocuments(
  target: Target,
  image: string | null,
  annotations: Readonly<Record<string, string>>,
): TargetDocuments {
  const { service, environment, workload } = target;
  const app = new App();
  const namespaceChart = new Chart(app, 'namespace');
  namespace(namespaceChart, target.namespace);
  const serviceChart = new Chart(app, 'service');
  try {
    new LosslessService(serviceChart, service.name, {
      name: service.name,
      namespace: target.namespace,
      image,
      workload,
      annotations,
    });
  } catch (cause) {
    if (!(cause instanceof RolloutError)) throw cause;
    throw new RenderError(
      cause.problems.map((problem) => `${serviceFile(service.name)}: in ${environment.name}, ${problem}`),
      { cause },
    );
  }
  const more = (workload.objects ?? []).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: target.namespace },
  }));
  return { namespace: namespaceChart.toJson(), service: [...serviceChart.toJson(), ...more] };
}
