import { expect, test } from 'vitest';
import { differences, setByOthers } from '../../../cluster/installed/differences.ts';
import type { JsonObject } from '../../../cluster/terraform-json.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { on: 'false' } };

/** One entry of `metadata.managedFields`. */
function entry(manager: string, fields: JsonObject, subresource?: string): JsonObject {
  return { manager, ...(subresource === undefined ? {} : { subresource }), fieldsV1: fields };
}

/** The managed fields of a Deployment's pod. */
function podFields(inner: JsonObject): JsonObject {
  return { 'f:spec': { 'f:template': { 'f:spec': inner } } };
}

function paths(wanted: JsonObject, live: JsonObject): string[] {
  return differences(wanted, live).map(({ path }) => path.join('.'));
}

function withRequests(requests: JsonObject): JsonObject {
  return { kind: 'Deployment', spec: { resources: { requests } } };
}

function syncedBy(automated: JsonObject): JsonObject {
  return { kind: 'Application', spec: { syncPolicy: { automated } } };
}

function webhook(inner: JsonObject): JsonObject {
  return { kind: 'MutatingWebhookConfiguration', webhooks: [inner] };
}

test('finds a value that was changed, one that is gone and a key that was added', () => {
  expect(differences(configMap, { ...configMap, data: { on: 'true' } })).toEqual([
    { path: ['data', 'on'], wanted: 'false', found: 'true' },
  ]);
  expect(paths(configMap, { ...configMap, data: {} })).toEqual(['data.on']);
  expect(paths(configMap, { ...configMap, data: { on: 'false', 'exec.enabled': 'true' } })).toEqual([
    'data.exec.enabled',
  ]);
});

test('says nothing of what the API server, Helm and controllers fill in', () => {
  const wanted = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', labels: { app: 'a' } },
    spec: {
      template: {
        spec: {
          hostNetwork: false,
          nodeSelector: {},
          containers: [{ name: 'a', args: null, ports: [{ containerPort: 80 }] }],
        },
      },
    },
  };
  const live = {
    ...wanted,
    metadata: {
      name: 'a',
      uid: 'x',
      labels: { app: 'a', 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'a' },
    },
    spec: {
      replicas: 1,
      template: {
        spec: {
          dnsPolicy: 'ClusterFirst',
          containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }],
        },
      },
    },
    status: { replicas: 1 },
  };
  expect(differences(wanted, live)).toEqual([]);
});

test('finds a rule, a subject and a container more', () => {
  const role = { kind: 'Role', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] };
  expect(
    paths(role, { ...role, rules: [...role.rules, { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
  ).toEqual(['rules']);
  const binding = { kind: 'RoleBinding', subjects: [{ kind: 'User', name: 'a' }] };
  const bound = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'a' }];
  expect(paths(binding, { kind: 'RoleBinding', subjects: bound })).toEqual([]);
  expect(paths(binding, { kind: 'RoleBinding', subjects: [...bound, { kind: 'User', name: 'eve' }] })).toEqual([
    'subjects',
  ]);
});

test('finds what opens an admission policy, and knows its defaults', () => {
  const policy = {
    kind: 'ValidatingAdmissionPolicy',
    spec: { matchConstraints: { resourceRules: [{ resources: ['applications'] }] } },
  };
  const rule = { resources: ['applications'], scope: '*' };
  const filled = {
    matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, resourceRules: [rule] },
    failurePolicy: 'Fail',
  };
  expect(paths(policy, { ...policy, spec: filled })).toEqual([]);
  const opened = { ...filled, matchConstraints: { ...filled.matchConstraints, excludeResourceRules: [rule] } };
  expect(paths(policy, { ...policy, spec: opened })).toEqual(['spec.matchConstraints.excludeResourceRules']);
  expect(paths(policy, { ...policy, spec: { ...filled, failurePolicy: 'Ignore' } })).toEqual(['spec.failurePolicy']);
});

test('finds a field by who has set it, where the manifest says nothing', () => {
  const wanted = { kind: 'Deployment', spec: { template: { spec: { containers: [{ name: 'a', image: 'i' }] } } } };
  const managedFields = [
    entry('terraform-provider-helm_v3.1.1', podFields({ 'f:dnsPolicy': {} })),
    entry('kube-controller-manager', { 'f:status': {} }, 'status'),
    entry(
      'kubectl-patch',
      podFields({
        'f:hostNetwork': {},
        'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:command': {} } },
      }),
    ),
    entry('kubectl-annotate', { 'f:metadata': { 'f:annotations': { 'f:x': {} } } }),
  ];
  expect(setByOthers(wanted, { ...wanted, metadata: { managedFields } })).toEqual([
    { path: 'spec.template.spec.hostNetwork', manager: 'kubectl-patch' },
    { path: 'spec.template.spec.containers.{"name":"a"}.command', manager: 'kubectl-patch' },
  ]);
});

test('reads an amount as the API server writes it', () => {
  const given = withRequests({ cpu: '1000m', memory: '1024Mi', 'example.com/gpu': 1 });
  expect(paths(given, withRequests({ cpu: '1', memory: '1Gi', 'example.com/gpu': '1' }))).toEqual([]);
  expect(paths(withRequests({ cpu: 0.3 }), withRequests({ cpu: '300m' }))).toEqual([]);
  expect(paths(given, withRequests({ cpu: '2', memory: '1Gi', 'example.com/gpu': '1' }))).toEqual([
    'spec.resources.requests.cpu',
  ]);
});

test('takes null for what the manifest does not say, and 0 for what the API server leaves out', () => {
  const wanted = { kind: 'Deployment', metadata: { annotations: null }, spec: { minReadySeconds: 0 } };
  const live = {
    kind: 'Deployment',
    metadata: { annotations: { 'deployment.kubernetes.io/revision': '1' } },
    spec: {},
  };
  expect(paths(wanted, live)).toEqual([]);
  expect(paths({ kind: 'ConfigMap', data: null }, { kind: 'ConfigMap', data: { more: 'x' } })).toEqual(['data.more']);
  const managedFields = [entry('kubectl-edit', podFields({ 'f:tolerations': {} }))];
  const pod = { kind: 'Deployment', spec: { template: { spec: { tolerations: null } } } };
  expect(setByOthers(pod, { ...pod, metadata: { managedFields } })).toEqual([
    { path: 'spec.template.spec.tolerations', manager: 'kubectl-edit' },
  ]);
});

test('tells of an Application that Argo CD has saved what matters alone', () => {
  const installed = syncedBy({ allowEmpty: false, enabled: true, prune: true });
  expect(paths(installed, syncedBy({ prune: true }))).toEqual(['spec.syncPolicy.automated.enabled']);
});

test('knows the default of a NetworkPolicy, and sees it changed', () => {
  const policy = { kind: 'NetworkPolicy', spec: { podSelector: {}, ingress: [] } };
  expect(paths(policy, { ...policy, spec: { podSelector: {}, policyTypes: ['Ingress'] } })).toEqual([]);
  expect(paths(policy, { ...policy, spec: { podSelector: {}, policyTypes: ['Egress'] } })).toEqual([
    'spec.policyTypes',
  ]);
});

test('knows the defaults of a webhook, whose CA a controller fills in', () => {
  const service = { name: 'a', namespace: 'a' };
  const hook = { name: 'a', clientConfig: { service }, rules: [{ resources: ['pods'] }] };
  const filled = {
    ...hook,
    clientConfig: { service: { ...service, port: 443 }, caBundle: 'QQ==' },
    rules: [{ resources: ['pods'], scope: '*' }],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    objectSelector: {},
    reinvocationPolicy: 'Never',
    timeoutSeconds: 10,
  };
  expect(paths(webhook(hook), webhook(filled))).toEqual([]);
  expect(paths(webhook(hook), webhook({ ...filled, failurePolicy: 'Ignore' }))).toEqual(['webhooks.0.failurePolicy']);
});

test('finds what was scaled by hand', () => {
  const wanted = { kind: 'Deployment', spec: { template: {} } };
  const managedFields = [entry('kubectl', { 'f:spec': { 'f:replicas': {} } }, 'scale')];
  expect(setByOthers(wanted, { ...wanted, metadata: { managedFields } })).toEqual([
    { path: 'spec.replicas', manager: 'kubectl' },
  ]);
});
