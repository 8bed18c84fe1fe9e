import type { Folder } from '../../model/folder.ts';
import { scalerOf, scalersOf } from '../../model/scaling.ts';
import { ignoresField } from '../../model/sync.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, isOfArgo, refused, type Rule } from '../../rule.ts';

export const autoscalerOverridden: Rule = {
  id: 'autoscaler-overridden',
  title: 'Two objects say how many pods there are',
  severity: refused,
  judges: 'state',
  faults: ({ folder, world, profile }) =>
    folder.workloads.flatMap((workload) => {
      const { replicas, object } = workload;
      const scaler = scalerOf(folder, workload);
      const twice = scaledTwice(workload, folder);
      if (scaler === undefined || replicas?.number === undefined) return twice;
      if (
        world.applicationsOf(folder.path).some((application) => ignoresField(application, object, '/spec/replicas'))
      ) {
        return twice;
      }
      return [
        ...twice,
        {
          at: replicas,
          key: scaler.title,
          what: `sets replicas to ${replicas.number}, and ${scaler.title} sets it as well`,
          why: `Each time the manifest is applied takes the pods back from what the load needs, up to ${scaler.most}, to ${replicas.number}: the others end at once.`,
          fix: `${isOfArgo(folder.path, world, profile) ? 'Let the Application ignore the field (ignoreDifferences /spec/replicas with RespectIgnoreDifferences=true), or leave' : 'Leave'} replicas out. Of a Deployment that runs already, remove it only when the autoscaler owns the field (kubectl get --show-managed-fields), since Kubernetes otherwise sets 1.`,
        },
      ];
    }),
};

/** By this annotation KEDA takes over an autoscaler that is there. */
const takeover = 'scaledobject.keda.sh/transfer-hpa-ownership';

function scaledTwice(workload: Workload, folder: Folder): readonly Fault[] {
  const [first, second] = scalersOf(folder, workload);
  if (first === undefined || second === undefined || second.field.object.annotation(takeover) === 'true') return [];
  return [
    {
      at: second.leastAt,
      about: second.field.object,
      key: `${first.title} ${workload.object.title}`,
      what: `scales ${workload.object.title}, which ${first.title} scales as well`,
      why: 'Each takes the pods back from what the other one has set, and those above its number end at once, whatever they carry.',
      fix: 'Keep one of them, with the metrics of both.',
    },
  ];
}
