import { ignoresField } from '../../model/ignored.ts';
import { scalerOf } from '../../model/scaling.ts';
import { isOfArgo, type Rule, refused } from '../../rule.ts';

export const autoscalerOverridden: Rule = {
  id: 'autoscaler-overridden',
  title: 'The manifest and an autoscaler both say how many pods there are',
  severity: refused,
  judges: 'state',
  faults: ({ folder, world, profile }) =>
    folder.workloads.flatMap((workload) => {
      const { replicas, object } = workload;
      const scaler = scalerOf(folder, workload);
      if (scaler === undefined || replicas?.number === undefined) return [];
      if (
        world.applicationsOf(folder.path).some((application) => ignoresField(application, object, '/spec/replicas'))
      ) {
        return [];
      }
      return [
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
