import { enforcedLevel, violations } from '../../model/pod-security.ts';
import { type Rule, refused } from '../../rule.ts';

export const podSecurityRefused: Rule = {
  id: 'pod-security-refused',
  title: 'The namespace refuses the pods',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.runners.flatMap((workload) => {
      const { object } = workload;
      const namespace = object.namespace === null ? undefined : folder.find('/Namespace', null, object.namespace);
      if (namespace === undefined) return [];
      const level = enforcedLevel(namespace.field('metadata', 'labels').value);
      return violations(workload, level).map(({ at, says }) => ({
        at,
        key: `${level} ${says}`,
        what: `${says}, and ${namespace.title} enforces the Pod Security level ${level}`,
        why: 'The object is applied without an error, and the API server refuses each of its new pods: the rollout stops before its first pod, and an old pod that ends is not replaced.',
        fix: 'Change the pods first, and raise the level of the namespace later.',
      }));
    }),
};
