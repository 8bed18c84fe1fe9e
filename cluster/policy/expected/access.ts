import { type Shape, type ShapeObject, because } from '../shape.ts';
import { binding, deployers, get, objects, role, user } from './deployers.ts';
import { type Owner, account } from './owner.ts';

const rbac = 'rbac.authorization.k8s.io';
const unlocked = 'verify could change what an application follows';

/** Fields of an Application that `verify` may not change. */
const kept = ['spec', 'operation', 'status', 'metadata.labels', 'metadata.finalizers', 'metadata.ownerReferences'];

function unchanged(field: string): string {
  return `has(object.${field}) == has(oldObject.${field}) && (!has(object.${field}) || object.${field} == oldObject.${field})`;
}

function subset(a: string, b: string): string {
  return `variables.${a}.all(k, k == 'argocd.argoproj.io/refresh' || (k in variables.${b} && variables.${b}[k] == variables.${a}[k]))`;
}

/** In CEL, an object's annotations, where it may have none. */
function annotations(object: string): string {
  return `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`;
}

/** What holds `verify` to asking for a refresh. */
function refreshOnly(owner: Owner): Record<string, Shape> {
  const name = `${owner.name}-verify-refreshes-only`;
  const api = 'admissionregistration.k8s.io/v1';
  const policy: ShapeObject = {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        { apiGroups: ['argoproj.io'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['applications'] },
      ],
    },
    matchConditions: [{ name: 'user', expression: `request.userInfo.username == '${account(owner, 'verify')}'` }],
    variables: [
      { name: 'before', expression: annotations('oldObject') },
      { name: 'now', expression: annotations('object') },
    ],
    validations: [
      ...kept.map((field) => ({ expression: unchanged(field), message: /./ })),
      { expression: `${subset('now', 'before')} && ${subset('before', 'now')}`, message: /./ },
    ],
  };
  return {
    [`ValidatingAdmissionPolicy /${name}`]: {
      apiVersion: api,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: because(policy, unlocked),
    },
    [`ValidatingAdmissionPolicyBinding /${name}`]: {
      apiVersion: api,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: because({ policyName: name, validationActions: ['Deny'] }, unlocked),
    },
  };
}

/** What `plan` compares: objects of Argo CD's namespace by kind, those of the whole cluster by name. */
function plans(owner: Owner, namespaces: readonly string[]): Record<string, Shape> {
  const compares = `${owner.name}-plan-compares`;
  const charts = ['argocd-application-controller', 'argocd-notifications-controller', 'argocd-server'];
  const chartKinds = ['applications.argoproj.io', 'applicationsets.argoproj.io', 'appprojects.argoproj.io'];
  const plan = user(owner, 'plan');
  const admitting = <T>(one: T): readonly T[] => (owner.admitting ? [one] : []);
  return {
    ...role('argocd', 'plan-reads-releases', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }]),
    ...binding('argocd', 'plan-reads-releases', { kind: 'Role', name: 'plan-reads-releases' }, plan),
    ...role('argocd', 'plan-compares', [
      get('', ['services', 'serviceaccounts']),
      get('apps', ['deployments', 'statefulsets']),
      get('networking.k8s.io', ['networkpolicies']),
      get('policy', ['poddisruptionbudgets']),
      get(rbac, ['roles', 'rolebindings']),
      get('argoproj.io', ['applications', 'appprojects']),
      get('monitoring.googleapis.com', ['podmonitorings']),
      ...(owner.domain !== ''
        ? [
            get('gateway.networking.k8s.io', ['gateways', 'httproutes']),
            get('networking.gke.io', ['healthcheckpolicies', 'gcpbackendpolicies']),
          ]
        : []),
    ]),
    ...binding('argocd', 'plan-compares', { kind: 'Role', name: 'plan-compares' }, plan),
    [`ClusterRole /${compares}`]: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: compares },
      rules: [
        get('apiextensions.k8s.io', ['customresourcedefinitions'], ...chartKinds),
        get(rbac, ['clusterroles'], ...charts, compares),
        get(rbac, ['clusterrolebindings'], ...charts, compares),
        get('', ['namespaces'], ...namespaces, ...admitting('cosign-system')),
        get(rbac, ['roles'], 'argocd-deploys', 'argocd-compares', ...admitting('plan-reads-releases')),
        get(
          rbac,
          ['rolebindings'],
          'argocd-deploys',
          'argocd-compares',
          'verify-looks',
          ...admitting('plan-reads-releases'),
        ),
        ...admitting(get('policy.sigstore.dev', ['clusterimagepolicies'], 'built-by-release')),
        get(
          'admissionregistration.k8s.io',
          ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
          `${owner.name}-verify-refreshes-only`,
        ),
      ],
    },
    ...binding('', compares, { kind: 'ClusterRole', name: compares }, plan),
  };
}

/** Argo CD at its domain: HTTPS alone. */
function gateway(owner: Owner): Record<string, Shape> {
  const metadata = { name: 'argocd', namespace: 'argocd' };
  const targetRef = { group: '', kind: 'Service', name: 'argocd-server' };
  return {
    'Gateway argocd/argocd': {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { ...metadata, annotations: { 'networking.gke.io/certmap': `${owner.name}-argocd` } },
      spec: {
        gatewayClassName: 'gke-l7-global-external-managed',
        listeners: because(
          [{ name: 'https', protocol: 'HTTPS', port: 443, allowedRoutes: { namespaces: { from: 'Same' } } }],
          'Argo CD could be reached without encryption',
        ),
        addresses: [{ type: 'NamedAddress', value: `${owner.name}-argocd` }],
      },
    },
    'HTTPRoute argocd/argocd': {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: 'argocd' }],
        hostnames: [owner.domain],
        rules: [{ backendRefs: [{ name: 'argocd-server', port: 80 }] }],
      },
    },
    'HealthCheckPolicy argocd/argocd': {
      apiVersion: 'networking.gke.io/v1',
      kind: 'HealthCheckPolicy',
      metadata,
      spec: { default: { config: { type: 'HTTP', httpHealthCheck: { requestPath: '/healthz' } } }, targetRef },
    },
    'GCPBackendPolicy argocd/argocd': {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata,
      spec: { default: { timeoutSec: 3_600 }, targetRef },
    },
  };
}

/** Every object beside the chart's own: who may do what in the cluster, and the way in. */
export function expectedObjects(owner: Owner, namespaces: readonly string[]): Shape {
  const verify = user(owner, 'verify');
  return objects({
    ...plans(owner, namespaces),
    ...deployers(owner, namespaces),
    ...role('argocd', 'verify-refreshes', [
      { apiGroups: ['argoproj.io'], resources: ['applications'], verbs: ['get', 'list', 'watch', 'patch'] },
    ]),
    ...binding('argocd', 'verify-refreshes', { kind: 'Role', name: 'verify-refreshes' }, verify),
    ...refreshOnly(owner),
    ...(owner.domain === '' ? {} : gateway(owner)),
  });
}
