import type { Field } from './field.ts';
import type { Folder } from './folder.ts';
import type { Workload } from './workload.ts';

/** What decides how many pods a workload has: an autoscaler of Kubernetes, or of KEDA, which makes one. */
export interface Scaler {
  readonly field: Field<never>;
  readonly title: string;
  readonly least: number;
  readonly most: number;
  readonly leastAt: Field<unknown>;
  readonly mostAt: Field<unknown>;
}

const scalers = new WeakMap<Folder, ReadonlyMap<string, readonly Scaler[]>>();

/** The autoscaler of a workload, of several the last; undefined where it has none. */
export function scalerOf(folder: Folder, workload: Workload): Scaler | undefined {
  return scalersOf(folder, workload).at(-1);
}

/** The autoscalers of a workload: two of them fight about its pods. */
export function scalersOf(folder: Folder, { object }: Workload): readonly Scaler[] {
  let known = scalers.get(folder);
  if (known === undefined) {
    const made = new Map<string, Scaler[]>();
    for (const [key, scaler] of [...autoscalers(folder), ...scaledObjects(folder)])
      made.set(key, [...(made.get(key) ?? []), scaler]);
    scalers.set(folder, made);
    known = made;
  }
  return known.get(`${object.namespace ?? ''} ${object.kind} ${object.name}`) ?? [];
}

function autoscalers(folder: Folder): readonly (readonly [string, Scaler])[] {
  return folder.all('autoscaling/HorizontalPodAutoscaler').map((autoscaler) => {
    const { object } = autoscaler;
    const [target, least, most] = [
      autoscaler.at('spec', 'scaleTargetRef'),
      autoscaler.at('spec', 'minReplicas'),
      autoscaler.at('spec', 'maxReplicas'),
    ];
    const key = `${object.namespace ?? ''} ${target.at('kind').text ?? ''} ${target.at('name').text ?? ''}`;
    const known = { least: least.number ?? 1, most: most.number ?? 1 };
    return [key, { field: object.field(), title: object.title, ...known, leastAt: least, mostAt: most }] as const;
  });
}

/** KEDA takes a Deployment where no kind is said, lets it fall to 0 and rise to 100. */
function scaledObjects(folder: Folder): readonly (readonly [string, Scaler])[] {
  return folder.all('keda.sh/ScaledObject').map((scaled) => {
    const { object } = scaled;
    const [target, least, most] = [
      scaled.at('spec', 'scaleTargetRef'),
      scaled.at('spec', 'minReplicaCount'),
      scaled.at('spec', 'maxReplicaCount'),
    ];
    const key = `${object.namespace ?? ''} ${target.at('kind').text ?? 'Deployment'} ${target.at('name').text ?? ''}`;
    const known = { least: least.number ?? 0, most: most.number ?? 100 };
    return [key, { field: object.field(), title: object.title, ...known, leastAt: least, mostAt: most }] as const;
  });
}

/** Stands for a number that can't be read, so that nothing else is said of it than that. */
const usualReplicas = 3;

/** How many pods a workload may have. Where nothing is said, Kubernetes makes 1. */
export function podCount(folder: Folder, workload: Workload): { readonly least: number; readonly most: number } {
  const scaler = scalerOf(folder, workload);
  if (scaler !== undefined) return { least: scaler.least, most: Math.max(scaler.least, scaler.most) };
  const replicas = workload.replicas?.number ?? (workload.replicas?.isSet === true ? usualReplicas : 1);
  return { least: replicas, most: replicas };
}
