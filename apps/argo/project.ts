import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { isMadeByControllers as isMade, madeOf } from 'zerodrop/kinds';
import { argoNamespace, clusterServer, deployAccount } from './application.ts';

/** A kind of Kubernetes object, as an AppProject names it: the core API's group is empty. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** The kind of an object with this `apiVersion` and `kind`. */
export function groupKindOf(apiVersion: string, kind: string): GroupKind {
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', kind };
}

/** The kinds that Argo CD shows below objects of these kinds, and that are not among them: ReplicaSet and Pod below Deployment. */
export function shownBelow(kinds: readonly GroupKind[]): readonly GroupKind[] {
  return [...madeOf(kinds.map(nameOf))].map((name) => {
    const [group = '', kind = ''] = name.split('/');
    return { group, kind };
  });
}

/** Whether only controllers make objects of this kind, so that git has none to bring. */
export function isMadeByControllers(kind: GroupKind): boolean {
  return isMade(nameOf(kind));
}

/** Whether a list names a kind. */
export function isIn(list: readonly GroupKind[], kind: GroupKind): boolean {
  return list.some((one) => nameOf(one) === nameOf(kind));
}

function nameOf({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

/** A whitelisted kind of the cluster, for these names only; Argo CD 3.3 and newer know `name`, the published types not yet. */
interface NamedKind {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** A namespace that is rolled out into, and whose. */
interface Placed {
  readonly service: { readonly name: string };
  readonly namespace: string;
}

/**
 * What the applications of this repository may read and write, and nothing else: one repository, its namespaces, and the kinds that are
 * rendered.
 */
export function project(
  repository: string,
  targets: readonly Placed[],
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
