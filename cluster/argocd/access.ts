import { argoNamespace } from '../../apps/argo/application.ts';
import type { Target } from '../../apps/project.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { admissionNamespace, email } from '../identities.ts';
import type { JsonObject } from '../terraform-json.ts';
import { namespacesOf } from './deployers.ts';

const rbac = 'rbac.authorization.k8s.io';

// What the chart makes for the whole cluster; a test compares the names with a rendering of it.
const chartRoles = ['argocd-application-controller', 'argocd-notifications-controller', 'argocd-server'];
const chartKinds = ['applications.argoproj.io', 'applicationsets.argoproj.io', 'appprojects.argoproj.io'];

function role(name: string, ...rules: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name, namespace: argoNamespace },
    rules,
  };
}

/** Reading single objects of these kinds. */
function get(apiGroup: string, ...resources: readonly string[]): JsonObject {
  return { apiGroups: [apiGroup], resources, verbs: ['get'] };
}

/** A rule for these objects alone. */
function named(rule: JsonObject, ...resourceNames: readonly string[]): JsonObject {
  return { ...rule, resourceNames };
}

/** Reading what is outside of Argo CD's namespace, by name. */
function clusterReader({ name, admission }: Google, namespaces: readonly string[]): JsonObject {
  const isAdmitting = admission !== 'off';
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `${name}-plan-compares` },
    rules: [
      named(get('apiextensions.k8s.io', 'customresourcedefinitions'), ...chartKinds),
      named(get(rbac, 'clusterroles'), ...chartRoles, `${name}-plan-compares`),
      named(get(rbac, 'clusterrolebindings'), ...chartRoles, `${name}-plan-compares`),
      named(get('', 'namespaces'), ...namespaces, ...(isAdmitting ? [admissionNamespace] : [])),
      named(get(rbac, 'roles'), 'argocd-deploys', 'argocd-compares', ...(isAdmitting ? ['plan-reads-releases'] : [])),
      named(
        get(rbac, 'rolebindings'),
        'argocd-deploys',
        'argocd-compares',
        'verify-looks',
        ...(isAdmitting ? ['plan-reads-releases'] : []),
      ),
      ...(isAdmitting ? [named(get('policy.sigstore.dev', 'clusterimagepolicies'), 'built-by-release')] : []),
      named(
        get('admissionregistration.k8s.io', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'),
        `${name}-verify-refreshes-only`,
      ),
    ],
  };
}

function clusterRoleBinding(name: string, clusterRole: string, user: string): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: clusterRole },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  };
}

function roleBinding(name: string, user: string): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace: argoNamespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  };
}

/**
 * What CI may do inside the cluster. `plan` reads what Helm has installed, which is kept in ConfigMaps for its sake: in
 * Secrets, a pull request's plan would have to read every secret of Argo CD. It compares that with what is there, and so
 * reads each object that Helm installs, but for Secrets. `verify` looks at everything but Secrets in the namespaces that
 * are rolled out into (deployers.ts), and asks Applications for a refresh.
 */
export function accessObjects(targets: readonly Target[], google: Google): JsonObject[] {
  const plan = email(google, 'plan');
  const verify = email(google, 'verify');
  return [
    role('plan-reads-releases', { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }),
    roleBinding('plan-reads-releases', plan),
    role(
      'plan-compares',
      get('', 'services', 'serviceaccounts'),
      get('apps', 'deployments', 'statefulsets'),
      get('networking.k8s.io', 'networkpolicies'),
      get('policy', 'poddisruptionbudgets'),
      get(rbac, 'roles', 'rolebindings'),
      get('argoproj.io', 'applications', 'appprojects'),
      get('monitoring.googleapis.com', 'podmonitorings'),
      ...(google.argocd.domain === null
        ? []
        : [
            get('gateway.networking.k8s.io', 'gateways', 'httproutes'),
            get('networking.gke.io', 'healthcheckpolicies', 'gcpbackendpolicies'),
          ]),
    ),
    roleBinding('plan-compares', plan),
    clusterReader(google, namespacesOf(targets)),
    clusterRoleBinding(`${google.name}-plan-compares`, `${google.name}-plan-compares`, plan),
    role('verify-refreshes', {
      apiGroups: ['argoproj.io'],
      resources: ['applications'],
      verbs: ['get', 'list', 'watch', 'patch'],
    }),
    roleBinding('verify-refreshes', verify),
    ...refreshOnly(`${google.name}-verify-refreshes-only`, verify),
  ];
}

const refresh = 'argocd.argoproj.io/refresh';

/** In CEL, where a field may be absent: an object's annotations. */
function annotations(object: string): string {
  return `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`;
}

/** True in CEL when a map may only have changed at one key. */
function onlyChangesAt(key: string): string {
  const unchanged = (a: string, b: string) => `${a}.all(k, k == '${key}' || (k in ${b} && ${b}[k] == ${a}[k]))`;
  return `${unchanged('variables.now', 'variables.before')} && ${unchanged('variables.before', 'variables.now')}`;
}

function same(field: string): string {
  return `has(object.${field}) == has(oldObject.${field}) && (!has(object.${field}) || object.${field} == oldObject.${field})`;
}

/**
 * Holds one user to asking Applications for a refresh. RBAC knows no finer right than "patch", with which the same user
 * could point an application at another repository.
 */
export function refreshOnly(name: string, user: string): JsonObject[] {
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['argoproj.io'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['applications'] },
          ],
        },
        matchConditions: [{ name: 'user', expression: `request.userInfo.username == '${user}'` }],
        variables: [
          { name: 'before', expression: annotations('oldObject') },
          { name: 'now', expression: annotations('object') },
        ],
        validations: [
          ...['spec', 'operation', 'status', 'metadata.labels', 'metadata.finalizers', 'metadata.ownerReferences'].map(
            (field) => ({
              expression: same(field),
              message: `${user} may not change ${field}, only ask for a refresh.`,
            }),
          ),
          {
            expression: onlyChangesAt(refresh),
            message: `${user} may change no annotation but ${refresh}.`,
          },
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
