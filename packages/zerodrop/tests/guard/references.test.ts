import { expect, test } from 'vitest';
import { autoscaler, deployment, scaled } from './manifests.ts';
import { becomes, from, inContainer, object, within } from './sample.ts';

const secret = object('v1 Secret', 'creds', 'stringData: {a: b}');
const byVolume = (source: string): string => within(`      volumes: [{name: v, ${source}}]\n`);

test.each([
  ['azureFile: {secretName: creds, shareName: s}'],
  ['cephfs: {monitors: [], secretRef: {name: creds}}'],
  ['flexVolume: {driver: d, secretRef: {name: creds}}'],
  ['iscsi: {targetPortal: t, iqn: i, lun: 0, secretRef: {name: creds}}'],
  ['rbd: {monitors: [], image: i, secretRef: {name: creds}}'],
])('what pods refer to goes: a Secret of a volume, %s', (source) => {
  expect(from(byVolume(source), [secret], [])).toEqual(['still-used']);
});

test.each([
  [object('onepassword.com/v1 OnePasswordItem', 'creds', 'spec: {itemPath: a}')],
  [
    object(
      'secrets.infisical.com/v1alpha1 InfisicalSecret',
      'a',
      'spec: {managedSecretReference: {secretName: creds}}',
    ),
  ],
  [
    object(
      'secrets-store.csi.x-k8s.io/v1 SecretProviderClass',
      'a',
      'spec: {secretObjects: [{secretName: b}, {secretName: creds}]}',
    ),
  ],
])('what pods refer to goes: what makes its Secret, %s', (maker) => {
  const pods = inContainer('          envFrom: [{secretRef: {name: creds}}]\n');
  expect(from(pods, [maker], [])).toEqual(['still-used']);
  expect(from(pods, [maker], [secret])).toEqual([]);
  expect(from(deployment, [maker], [])).toEqual([]);
});

test.each([
  ['scheduling.k8s.io/v1 PriorityClass', within('      priorityClassName: high\n')],
  ['node.k8s.io/v1 RuntimeClass', within('      runtimeClassName: high\n')],
  ['storage.k8s.io/v1 StorageClass', byVolume('ephemeral: {volumeClaimTemplate: {spec: {storageClassName: high}}}')],
])('what pods refer to goes: a %s', (type, pods) => {
  const made = object(type, 'high', '').replace(', namespace: shop', '');
  expect(from(pods, [made], [])).toEqual(['still-used']);
  // A cluster has classes of its own.
  expect(becomes(deployment, pods)).toEqual([]);
  expect(from(pods, [object(`example.com/v1 ${type.split(' ')[1] ?? ''}`, 'high', '')], [])).toEqual([]);
});

test.each([
  ['v1 PersistentVolumeClaim', 'storage.k8s.io/v1 StorageClass', 'spec: {storageClassName: a}'],
  ['networking.k8s.io/v1 Ingress', 'networking.k8s.io/v1 IngressClass', 'spec: {ingressClassName: a}'],
  ['gateway.networking.k8s.io/v1 Gateway', 'gateway.networking.k8s.io/v1 GatewayClass', 'spec: {gatewayClassName: a}'],
])('what pods refer to goes: of a %s the %s', (user, type, spec) => {
  const made = object(type, 'a', '').replace(', namespace: shop', '');
  expect(from(deployment, [object(user, 'u', spec), made], [object(user, 'u', spec)])).toEqual(['still-used']);
});

const route = (value: string): string =>
  object('networking.k8s.io/v1 Ingress', 'a', 'spec: {}').replace(
    'namespace: shop}',
    `namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-tls-secret: ${value}}}`,
  );

const gone = (value: string): readonly string[] => from(deployment, [route(value), secret], [route(value)]);

test('what pods refer to goes: a Secret that an Ingress names in an annotation, of its own namespace or with it', () => {
  expect([gone('creds'), gone('shop/creds'), gone('other/creds'), gone('a')]).toEqual([
    ['still-used'],
    ['still-used'],
    [],
    [],
  ]);
});

const role = (rules: string): string => object('rbac.authorization.k8s.io/v1 Role', 'r', `rules: ${rules}`);
const binding = (subjects: string): string =>
  object(
    'rbac.authorization.k8s.io/v1 RoleBinding',
    'r',
    `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: ${subjects}`,
  );
const rules = '[{apiGroups: [""], resources: [pods], verbs: [get, list]}]';
const web = '[{kind: ServiceAccount, name: web}]';
const usual = [role(rules), binding(web)];

test.each([
  ['the binding goes', [role(rules)], true],
  ['its subjects go', [role(rules), binding('[]')], true],
  [
    'another binding gives the same',
    [role(rules), binding('[]'), binding(web).replace('{name: r,', '{name: s,')],
    false,
  ],
  [
    'the account is written with its namespace',
    [role(rules), binding('[{kind: ServiceAccount, name: web, namespace: shop}]')],
    false,
  ],
  ['a user goes', [role(rules), binding(web)], false],
  [
    'another binding gives another role',
    [
      role(rules),
      binding('[]'),
      binding(web).replace('{name: r,', '{name: s,').replace('kind: Role, name: r}', 'kind: Role, name: other}'),
    ],
    true,
  ],
  ['the binding is for a user of that name', [role(rules), binding('[{kind: User, name: web}]')], true],
  [
    'the account is of another namespace',
    [role(rules), binding('[{kind: ServiceAccount, name: web, namespace: b}]')],
    true,
  ],
  ['another group comes in place of one', [role(rules.replace('[""]', '[a]')), binding(web)], true],
  ['another resource comes in place of one', [role(rules.replace('[pods]', '[services]')), binding(web)], true],
  ['a verb goes', [role(rules.replace(', list', '')), binding(web)], true],
  ['a resource comes', [role(rules.replace('[pods]', '[pods, services]')), binding(web)], false],
  ['all verbs come', [role(rules.replace('[get, list]', '["*"]')), binding(web)], false],
  ['names come', [role(rules.replace('verbs', 'resourceNames: [a], verbs')), binding(web)], true],
  [
    'a rule goes and the other one has all',
    [role(rules.replace(']}]', ']}, {apiGroups: [a], resources: [b], verbs: [c]}]')), binding(web)],
    false,
  ],
])('permissions that pods lose: %s', (_name, after, isWarned) => {
  expect(from(deployment, usual, after)).toEqual(isWarned ? ['still-used (warn)'] : []);
});

test('permissions that pods lose: nobody runs with them', () => {
  const other = binding(web.replace('web', 'other'));
  expect(from(deployment, [role(rules), other], [role('[]')])).toEqual([]);
  expect(from(deployment, [role(rules)], [role('[]')])).toEqual([]);
  const another = binding(web).replace('kind: Role, name: r}', 'kind: Role, name: s}');
  expect(from(deployment, [role(rules), another], [role('[]'), another])).toEqual([]);
  const wider = binding(web).replace('kind: Role, name: r}', 'kind: ClusterRole, name: r}');
  expect(from(deployment, [role(rules), wider], [role('[]'), wider])).toEqual([]);
});

const second = (rest = ''): string =>
  object('keda.sh/v1alpha1 ScaledObject', 'web', 'spec: {scaleTargetRef: {name: web}, minReplicaCount: 3}').replace(
    'shop}',
    `shop${rest}}`,
  );
const scaling = (...more: readonly string[]): readonly string[] =>
  from(scaled, [autoscaler(3)], [autoscaler(3), ...more]);

test('two autoscalers of one workload: fight about its pods', () => {
  expect(scaling(second())).toEqual(['autoscaler-overridden']);
  expect(scaling(autoscaler(3).replace('name: web,', 'name: again,'))).toEqual(['autoscaler-overridden']);
});

test('two autoscalers of one workload: but one that takes the other over, or is for another workload', () => {
  expect(scaling(second(', annotations: {scaledobject.keda.sh/transfer-hpa-ownership: "true"}'))).toEqual([]);
  expect(scaling(second().replace('{name: web}', '{name: other}'))).toEqual([]);
});
