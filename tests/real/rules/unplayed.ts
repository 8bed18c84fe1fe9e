const noPolicies = 'the cluster of the plays stores a NetworkPolicy and does not enforce it';
const noBalancer = 'it takes a load balancer of a cloud, which the cluster of the plays does not have';
const noLoss = 'the change itself costs nothing';

/** Why the example of a rule is not played. */
export const unplayed: Readonly<Record<string, string>> = {
  'traffic-cut': noPolicies,
  'egress-cut': noPolicies,
  'senders-narrowed': noBalancer,
  'routing-changed': noBalancer,
  'backend-missing': noBalancer,
  'several-environments': `${noLoss}: what is lost depends on the release that reaches both at once`,
  'exception-ineffective': `${noLoss}: an exception says nothing to a cluster`,
  'objects-hidden': `${noLoss}: Argo CD applies what no reviewer has seen`,
  'project-widened': `${noLoss}: it permits what a later merge does`,
};
