import type { IContainer } from 'kubernetes-models/v1/Container';
import type { Folder } from '../../model/folder.ts';
import type { Field } from '../../model/object.ts';
import { podCount } from '../../model/scaling.ts';
import { entryName, resolvePort, type Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule } from '../../rule.ts';

export const readinessMissing: Rule = {
  id: 'readiness-missing',
  title: 'A container takes requests and has no readiness probe',
  severity: refused,
  judges: 'state',
  faults: ({ folder, profile }) =>
    folder.workloads.flatMap((workload) =>
      serving(workload, folder)
        .filter(({ container }) => !container.at('readinessProbe').isSet)
        .map(({ container, isTarget }): Fault => {
          const name = entryName(container);
          return {
            at: container,
            key: name,
            // A store of one node is what it is.
            sparesNew: workload.kind === 'StatefulSet' && podCount(folder, workload).most <= 1,
            what: `has no readiness probe in its container ${name}`,
            why: 'Without one a pod counts as ready when its process starts: it is sent requests before it listens, and the old pod ends too early.',
            fix: 'Give the container a readinessProbe.',
            ...(isTarget && (profile === 'lossless' || folder.servicesOf(workload).length > 0)
              ? {}
              : { severity: 'warn' as const }),
          };
        }),
    ),
};

interface Serving {
  readonly container: Field<IContainer>;
  /** False for a container beside the one that Services send to, such as one with a port for metrics. */
  readonly isTarget: boolean;
}

/** The containers that take requests. Of a Deployment without ports any may take them, if a Service selects its pods. */
function serving(workload: Workload, folder: Folder): readonly Serving[] {
  const containers = workload.containers;
  const services = folder.servicesOf(workload);
  const listening = containers.filter((container) => container.at('ports').items().length > 0);
  if (listening.length === 0) {
    return services.length > 0 ? containers.map((container) => ({ container, isTarget: true })) : [];
  }
  const targets = new Set(
    services.flatMap((service) =>
      service
        .at('spec', 'ports')
        .items()
        .flatMap((port) => {
          const found = resolvePort(port, workload);
          return found.kind === 'port' ? [found.number] : [];
        }),
    ),
  );
  return listening.map((container) => {
    const ports = container
      .at('ports')
      .items()
      .map((port) => port.at('containerPort').number);
    return { container, isTarget: targets.size === 0 || ports.some((port) => port !== undefined && targets.has(port)) };
  });
}
