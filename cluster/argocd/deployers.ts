import { argoNamespace } from '../../apps/argo/application.ts';
import { gatewaysOf } from '../../apps/exposure.ts';
import type { Target } from '../../apps/project.ts';
import type { JsonObject } from '../terraform-json.ts';

const rbac = 'rbac.authorization.k8s.io';
const controller = { kind: 'ServiceAccount', name: 'argocd-application-controller', namespace: argoNamespace };

/** The kinds that applications are made of, as RBAC names them. A test compares them with what is rendered. */
export const deployedResources: Readonly<Record<string, readonly string[]>> = {
  '': ['configmaps', 'serviceaccounts', 'services'],
  apps: ['deployments'],
  autoscaling: ['horizontalpodautoscalers'],
  'gateway.networking.k8s.io': ['gateways', 'httproutes'],
  'monitoring.googleapis.com': ['podmonitorings'],
  'networking.gke.io': ['gcpbackendpolicies', 'healthcheckpolicies'],
  'networking.k8s.io': ['networkpolicies'],
  policy: ['poddisruptionbudgets'],
};

/** What Argo CD looks at besides: the objects that controllers make of these, for health and for the tree that its UI shows. */
const shownResources: Readonly<Record<string, readonly string[]>> = {
  '': ['endpoints', 'events', 'namespaces', 'pods', 'pods/log'],
  apps: ['replicasets'],
  'argoproj.io': ['applications', 'appprojects'],
  'discovery.k8s.io': ['endpointslices'],
};

function rules(of: Readonly<Record<string, readonly string[]>>, ...verbs: readonly string[]): JsonObject[] {
  return Object.entries(of).map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));
}

/** What controller and server of Argo CD may read in the whole cluster. No Secret, and nothing to write. */
export const readRules: readonly JsonObject[] = [
  ...rules(deployedResources, 'get', 'list', 'watch'),
  ...rules(shownResources, 'get', 'list', 'watch'),
];

/** The namespaces that are rolled out into: of services, and of the Gateways that they share. */
export function namespacesOf(targets: readonly Target[]): string[] {
  return [...new Set([...targets.map(({ namespace }) => namespace), ...gatewaysOf(targets).map(({ name }) => name)])];
}

function role(name: string, namespace: string, granted: readonly JsonObject[]): JsonObject {
  return { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name, namespace }, rules: granted };
}

function roleBinding(
  name: string,
  namespace: string,
  kind: 'Role' | 'ClusterRole',
  to: string,
  subject: JsonObject,
): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: rbac, kind, name: to },
    subjects: [subject],
  };
}

function serviceAccount(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: argoNamespace },
    automountServiceAccountToken: false,
  };
}

/**
 * Who rolls out: one ServiceAccount for each namespace, that Argo CD's controller becomes for a sync. The root application's is
 * that of Argo CD's own namespace, which no environment may have. Terraform makes them, so no commit can give them more. The namespaces too, since a RoleBinding is in one;
 * what else is in a namespace is git's.
 */
export function deployerObjects(targets: readonly Target[], verify: string): JsonObject[] {
  const namespaces = namespacesOf(targets);
  return [
    ...namespaces.flatMap((namespace) => inNamespace(namespace, verify)),
    serviceAccount('deploy-argocd'),
    role('deploy-argocd', argoNamespace, [
      {
        apiGroups: ['argoproj.io'],
        resources: ['applications', 'appprojects'],
        verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      },
    ]),
    roleBinding('deploy-argocd', argoNamespace, 'Role', 'deploy-argocd', {
      kind: 'ServiceAccount',
      name: 'deploy-argocd',
      namespace: argoNamespace,
    }),
    role('controller-impersonates', argoNamespace, [
      {
        apiGroups: [''],
        resources: ['serviceaccounts'],
        resourceNames: [...namespaces.map((namespace) => `deploy-${namespace}`), 'deploy-argocd'],
        verbs: ['impersonate'],
      },
    ]),
    roleBinding('controller-impersonates', argoNamespace, 'Role', 'controller-impersonates', controller),
  ];
}

function inNamespace(namespace: string, verify: string): JsonObject[] {
  const name = `deploy-${namespace}`;
  const own = { apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace] };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      // With the release would go the service.
      metadata: { name: namespace, annotations: { 'helm.sh/resource-policy': 'keep' } },
    },
    serviceAccount(name),
    role('argocd-deploys', namespace, [
      ...rules(deployedResources, 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete'),
      { ...own, verbs: ['get', 'update', 'patch'] },
    ]),
    roleBinding('argocd-deploys', namespace, 'Role', 'argocd-deploys', {
      kind: 'ServiceAccount',
      name,
      namespace: argoNamespace,
    }),
    // A comparison on the API server is a patch that is not kept, and is not made as the account of the sync.
    role('argocd-compares', namespace, [...rules(deployedResources, 'patch'), { ...own, verbs: ['patch'] }]),
    roleBinding('argocd-compares', namespace, 'Role', 'argocd-compares', controller),
    roleBinding('verify-looks', namespace, 'ClusterRole', 'view', {
      apiGroup: rbac,
      kind: 'User',
      name: verify,
    }),
  ];
}
