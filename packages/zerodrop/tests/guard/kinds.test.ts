import { expect, test } from 'vitest';
import { deployment, service } from './manifests.ts';
import { becomes, edited, file, folder, from, inContainer, inFolder, object, rulesOf, swap, within } from './sample.ts';

const base = file(...folder);

const added = (text: string): readonly string[] => from(deployment, [], [text]);

test.each([
  ['v1 ConfigMap', 'a_b'],
  ['v1 ConfigMap', 'A'],
  ['v1 ConfigMap', 'a..b'],
  ['v1 ConfigMap', 'a'.repeat(254)],
  ['v1 Service', 'a.b'],
  ['v1 Service', 'a'.repeat(64)],
])('what the API server refuses: the name of a %s, %s', (type, name) => {
  expect(added(object(type, name, type.endsWith('Service') ? 'spec: {ports: [{port: 80}]}' : 'data: {}'))).toEqual([
    'invalid-value',
  ]);
});

test.each([
  ['v1 ConfigMap', 'a.b-c.1'],
  ['v1 ConfigMap', 'a'.repeat(253)],
  ['v1 Service', 'a'.repeat(63)],
  ['rbac.authorization.k8s.io/v1 Role', 'system:a_b'],
])('what the API server refuses: and not of a %s, %s', (type, name) => {
  expect(added(object(type, name, type.endsWith('Service') ? 'spec: {ports: [{port: 80}]}' : ''))).toEqual([]);
});

test.each([
  ['data: {"a b": c}', true],
  ['binaryData: {"a/b": YQ==}', true],
  ['data: {a.b-c_D: e}', false],
])('what the API server refuses: a key of a ConfigMap, %s', (data, isRefused) => {
  expect(added(object('v1 ConfigMap', 'a', data))).toEqual(isRefused ? ['invalid-value'] : []);
});

test.each([
  ['policy/v1beta1 PodSecurityPolicy', true],
  ['autoscaling/v2beta2 HorizontalPodAutoscaler', true],
  ['batch/v1beta1 CronJob', true],
  ['admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy', false],
  ['gateway.networking.k8s.io/v1beta1 ReferenceGrant', false],
])('what the API server refuses: a version that is no longer there, %s', (type, isRefused) => {
  const text = object(type, 'a', 'spec: {maxReplicas: 1}');
  expect(added(text)).toEqual(isRefused ? ['invalid-value'] : []);
  expect(from(deployment, [text], [text.replace('name: a', 'name: a, labels: {a: b}')])).toEqual([]);
});

const quota = (hard: string): string => object('v1 ResourceQuota', 'q', `spec: {hard: ${hard}}`);
const range = (limit: string): string => object('v1 LimitRange', 'l', `spec: {limits: [{type: Container, ${limit}}]}`);
const refuses = (...more: readonly string[]): boolean => {
  const found = from(deployment, [], more);
  expect(['no-room-for-surge', undefined]).toContain(found[0]);
  return found.length > 0;
};

test('a namespace that refuses the pods of a rollout: by a quota of what they do not say, unless a LimitRange says it', () => {
  expect(refuses(quota('{limits.memory: 9Gi}'))).toBe(true);
  expect(refuses(quota('{limits.memory: 9Gi}'), range('default: {memory: 1Gi}'))).toBe(false);
  expect(refuses(quota('{requests.memory: 9Gi, cpu: 9, count/pods: 9}'))).toBe(false);
  expect(refuses(quota('{requests.ephemeral-storage: 9Gi}'))).toBe(false);
});

test('a namespace that refuses the pods of a rollout: by a LimitRange', () => {
  expect(refuses(range('max: {memory: 32Mi}'))).toBe(true);
  expect(refuses(range('max: {memory: 64Mi}'))).toBe(false);
  expect(refuses(range('min: {cpu: 101m}'))).toBe(true);
  expect(refuses(range('min: {cpu: 100m}'))).toBe(false);
  expect(refuses(range('max: {memory: 32Mi}').replace('Container', 'PersistentVolumeClaim'))).toBe(false);
});

test('a namespace that refuses the pods of a rollout: pods of one node', () => {
  expect(becomes(deployment, within('      nodeName: a\n'))).toEqual(['no-room-for-surge (warn)']);
  expect(becomes(deployment, within('      nodeSelector: {kubernetes.io/hostname: a}\n'))).toEqual([
    'no-room-for-surge (warn)',
  ]);
  expect(becomes(deployment, within('      nodeSelector: {pool: a}\n'))).toEqual([]);
});

test.each([
  ['networking.istio.io/v1 VirtualService'],
  ['networking.istio.io/v1 DestinationRule'],
  ['traefik.io/v1alpha1 IngressRoute'],
  ['traefik.containo.us/v1alpha1 Middleware'],
  ['projectcontour.io/v1 HTTPProxy'],
  ['k8s.nginx.org/v1 VirtualServer'],
  ['elbv2.k8s.aws/v1beta1 TargetGroupBinding'],
])('ways in of other controllers: a changed field of a %s', (type) => {
  expect(from(deployment, [object(type, 'a', 'spec: {a: b}')], [object(type, 'a', 'spec: {a: c}')])).toEqual([
    'routing-changed',
  ]);
});

test.each([
  ['networking.istio.io/v1 VirtualService'],
  ['traefik.io/v1alpha1 IngressRouteTCP'],
  ['projectcontour.io/v1 HTTPProxy'],
])('ways in of other controllers: a %s that goes', (type) => {
  expect(from(deployment, [object(type, 'a', 'spec: {a: b}')], [])).toEqual(['name-changed']);
});

test.each([
  ['security.istio.io/v1 AuthorizationPolicy'],
  ['cilium.io/v2 CiliumNetworkPolicy'],
  ['crd.projectcalico.org/v1 GlobalNetworkPolicy'],
  ['policy.linkerd.io/v1beta3 Server'],
])('ways in of other controllers: a %s, which nobody judges', (type) => {
  const [one, other] = [object(type, 'a', 'spec: {a: b}'), object(type, 'a', 'spec: {a: c}')];
  expect(from(deployment, [], [one])).toEqual(['traffic-cut (warn)']);
  expect(from(deployment, [one], [other])).toEqual(['traffic-cut (warn)']);
  expect(from(deployment, [one], [one.replace('name: a', 'name: a, labels: {b: c}')])).toEqual([]);
  expect(from(deployment, [one], [])).toEqual([]);
});

const families = (list: string): readonly string[] =>
  rulesOf(
    base,
    inFolder(
      swap(service, edited(service, '  type: LoadBalancer\n', `  type: LoadBalancer\n  ipFamilies: [${list}]\n`)),
    ),
    'any',
  );

test('ways in of other controllers: the address family that a Service has by itself', () => {
  expect([families('IPv4'), families('IPv6')]).toEqual([[], ['service-changed']]);
});

const probe = (name: string, text: string): string =>
  edited(deployment, `          ${name}:\n`, `          ${name}:\n            ${text}\n`);

test.each([
  ['startupProbe', 'periodSeconds: 1', true],
  ['startupProbe', 'periodSeconds: 4', false],
  ['readinessProbe', 'failureThreshold: 7', true],
  ['readinessProbe', 'failureThreshold: 6', false],
])('how pods start and end: a %s with %s', (name, text, isWarned) => {
  expect(becomes(deployment, probe(name, text))).toEqual(isWarned ? ['probe-weakened (warn)'] : []);
  expect(becomes(probe(name, text), probe(name, text).replace('version', 'v'))).toEqual([]);
});

test('how pods start and end: a startup probe that waits before it asks', () => {
  const slow = probe('startupProbe', 'periodSeconds: 1').replace(
    'periodSeconds: 1',
    'periodSeconds: 1\n            initialDelaySeconds: 7',
  );
  expect(becomes(deployment, slow)).toEqual([]);
});

const stopped = (name: string): string => inContainer(`          lifecycle: {stopSignal: ${name}}\n`);

test('how pods start and end: a signal that no program can wait for', () => {
  expect(becomes(deployment, stopped('SIGKILL'))).toEqual(['grace-too-short']);
  expect(becomes(deployment, stopped('SIGINT'))).toEqual([]);
});

const job = (metadata: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {${metadata}, namespace: shop}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a@sha256:${'a'.repeat(64)}"}]}}}\n`;

test('an object that only a hook can be is named by what its name begins with', () => {
  const after = (metadata: string): readonly string[] => rulesOf(base, file(...folder, job(metadata)));
  expect(after('generateName: a-')).toEqual(['kind-missing']);
  expect(after('generateName: a-, annotations: {argocd.argoproj.io/hook: PreSync}')).toEqual(['sync-waits']);
  expect(rulesOf(base, file(...folder, job('generateName: a-')), 'any')).toEqual([]);
});
