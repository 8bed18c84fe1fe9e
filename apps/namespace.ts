import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

// A version and not `latest`: an upgrade of the cluster must not refuse the pods of the next rollout.
const podSecurityVersion = 'v1.35';

/** A namespace that admits only pods within Pod Security `restricted`. */
export function namespace(scope: Construct, name: string): k8s.KubeNamespace {
  return new k8s.KubeNamespace(scope, 'namespace', {
    metadata: {
      name,
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': podSecurityVersion,
      },
      // Losing this one file must not delete the service: Argo CD asks a person first.
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
    },
  });
}
