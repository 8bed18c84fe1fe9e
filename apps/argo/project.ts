import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import type { Target } from '../project.ts';
import { type GroupKind, shownBelow } from './made-kinds.ts';
import { argoNamespace, clusterServer, deployAccount } from './place.ts';

/** A whitelisted kind of the cluster, for these names only; Argo CD 3.3 and newer know `name`, the published types not yet. */
interface NamedKind {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * What the applications of this repository may read and write, and nothing else: one repository, its namespaces, and the kinds that are
 * rendered.
 */
export function project(
  repository: string,
  targets: readonly Target[],
  kinds: readonly GroupKind[],
): IAppProject & { spec: { clusterResourceWhitelist: NamedKind[] } } {
  const namespaces = targets.map(({ namespace }) => namespace);
  const name = targets[0]?.service.name ?? '';
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: argoNamespace },
    spec: {
      description: `What ${name} is made of, in all of its environments.`,
      sourceRepos: [repository],
      destinations: namespaces.map((namespace) => ({ server: clusterServer, namespace })),
      destinationServiceAccounts: namespaces.map((namespace) => ({
        server: clusterServer,
        namespace,
        defaultServiceAccount: deployAccount(namespace),
      })),
      // By name: with the kind alone, a commit here could relabel kube-system.
      clusterResourceWhitelist: namespaces.map((namespace) => ({ group: '', kind: 'Namespace', name: namespace })),
      // Argo CD hides what the project doesn't permit: without what is made of these kinds, no pod and no log would be seen.
      namespaceResourceWhitelist: [...kinds, ...shownBelow(kinds)].map(({ group, kind }) => ({
        group,
        kind,
      })),
    },
  };
}
