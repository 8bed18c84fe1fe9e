import { describe, expect, test } from 'vitest';
import { fromTo, inWords } from '../../src/guard/model/comparison.ts';
import { isClusterScoped } from '../../src/guard/model/kinds.ts';
import { isMadeByControllers, madeOf } from '../../src/guard/model/made-kinds.ts';
import { quantity } from '../../src/guard/model/object.ts';
import { contains } from '../../src/guard/model/policies.ts';
import { hasLabels, selects, selectsAll, shown } from '../../src/guard/model/workload.ts';
import { split } from '../../src/guard/read/split.ts';

test.each([
  [3, 3],
  ['3', 3],
  [' 1.5 ', 1.5],
  ['1.', 1],
  ['+2', 2],
  ['-2', -2],
  ['1e3', 1_000],
  ['1E-2', 0.01],
  ['12e+1', 120],
  ['500m', 0.5],
  ['1k', 1e3],
  ['1M', 1e6],
  ['1G', 1e9],
  ['1T', 1e12],
  ['1P', 1e15],
  ['1E', 1e18],
  ['1Ki', 1_024],
  ['2Mi', 2 ** 21],
  ['1Gi', 2 ** 30],
  ['1Ti', 2 ** 40],
  ['1Pi', 2 ** 50],
  ['1Ei', 2 ** 60],
  ['1K', null],
  ['1mi', null],
  ['1toString', null],
  ['x1', null],
  ['1 Mi', null],
  ['.5', null],
  ['1-', null],
  ['', null],
  [true, null],
  [undefined, null],
])('the quantity %s', (value, number) => {
  expect(quantity(value)).toBe(number);
});

test.each([
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.1.0.0/16', true],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.0.0.0/16', false],
  ['10.1.0.0/16', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3/32', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['0.0.0.0/0', '192.0.2.0/24', true],
  ['0.0.0.0/0', '::/0', false],
  ['::/0', '2001:db8::/32', true],
  ['2001:db8::/32', '2001:db8::1/128', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['::/0', '10.0.0.0/8', false],
  ['10.0.0.0/33', '10.1.0.0/16', false],
  ['10.0.0.0/8', '10.0.0.0/33', false],
  ['10.0.0.0/-1', '10.1.0.0/16', false],
  ['10.0.0.0/x', '10.1.0.0/16', false],
  ['10.0.0.0/8', '10.0.0.0/8.5', false],
  ['2001:db8::/129', '2001:db8::1', false],
  ['all', 'all', true],
  ['all', '10.0.0.0/8', false],
  ['0.0.0.0/0', 'all', false],
])('%s holds %s: %s', (wide, narrow, expected) => {
  expect(contains(wide, narrow)).toBe(expected);
});

describe('labels', () => {
  test.each([
    [{}, {}, true],
    [{ matchLabels: { a: 'b' } }, { a: 'b', c: 'd' }, true],
    [{ matchLabels: { a: 'b', c: 'd' } }, { a: 'b' }, false],
    [{ matchLabels: { toString: undefined } }, {}, false],
    [{ matchLabels: 'a' }, {}, true],
    ['a', {}, false],
    [undefined, {}, false],
    [{ matchExpressions: 'a' }, {}, true],
    [{ matchExpressions: ['a'] }, {}, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'c'] }] }, { a: 'c' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }, { a: 'c' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, { a: 'c' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, { a: 'c' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, {}, true],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, { a: 'b' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, { a: '' }, true],
    [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, {}, false],
    [{ matchExpressions: [{ key: 1, operator: 'Exists' }] }, { 1: 'a' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { b: 'c' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { a: 'c' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'Near' }] }, { a: 'c' }, false],
    [
      {
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'Exists' },
        ],
      },
      { a: 'c' },
      false,
    ],
    [{ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'Exists' }] }, { c: 'd' }, false],
  ])('%j of a policy selects %j: %s', (selector, labels, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  test.each([
    [{}, true],
    [{ matchLabels: {} }, true],
    [{ matchExpressions: [] }, true],
    [{ matchLabels: { a: 'b' } }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, false],
    [undefined, false],
  ])('%j selects all: %s', (selector, expected) => {
    expect(selectsAll(selector)).toBe(expected);
  });

  test.each([
    [undefined, 'none'],
    [{ a: 'b', c: 1 }, 'a=b,c=1'],
    [{ matchLabels: { a: 'b' } }, 'a=b'],
    [{ matchLabels: { a: 'b' }, matchExpressions: [] }, '{"matchLabels":{"a":"b"},"matchExpressions":[]}'],
  ])('%j is shown as %s', (selector, text) => {
    expect(shown(selector)).toBe(text);
  });

  test('a Service wants each of its labels, as pods have them themselves', () => {
    expect(hasLabels({ a: 'b' }, { a: 'b', c: 'd' })).toBe(true);
    expect(hasLabels({ a: 'b' }, { a: 'c' })).toBe(false);
    expect(hasLabels({ constructor: Object }, {})).toBe(false);
  });
});

test('knows the kinds of the whole cluster by their groups', () => {
  const kinds = [
    'Namespace Node PersistentVolume',
    'admissionregistration.k8s.io: MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
    'apiextensions.k8s.io: CustomResourceDefinition',
    'apiregistration.k8s.io: APIService',
    'certificates.k8s.io: CertificateSigningRequest ClusterTrustBundle',
    'cert-manager.io: ClusterIssuer',
    'external-secrets.io: ClusterExternalSecret ClusterSecretStore',
    'flowcontrol.apiserver.k8s.io: FlowSchema PriorityLevelConfiguration',
    'gateway.networking.k8s.io: GatewayClass',
    'networking.k8s.io: IngressClass IPAddress ServiceCIDR',
    'node.k8s.io: RuntimeClass',
    'policy.networking.k8s.io: AdminNetworkPolicy BaselineAdminNetworkPolicy',
    'rbac.authorization.k8s.io: ClusterRole ClusterRoleBinding',
    'scheduling.k8s.io: PriorityClass',
    'snapshot.storage.k8s.io: VolumeSnapshotClass VolumeSnapshotContent',
    'storage.k8s.io: CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass',
  ];
  for (const line of kinds) {
    const [group, names] = line.includes(': ') ? line.split(': ') : ['', line];
    for (const kind of names?.split(' ') ?? [])
      expect([kind, isClusterScoped(group ?? '', kind)]).toEqual([kind, true]);
  }
  expect(isClusterScoped('', 'Service')).toBe(false);
  expect(isClusterScoped('constructor', 'name')).toBe(false);
});

function of(...kinds: readonly string[]): readonly string[] {
  return [...madeOf(kinds)];
}

function pieces(text: string): readonly unknown[] {
  return split(text).pieces.map(({ text: one, line }) => [line, one]);
}

test('knows what controllers make', () => {
  const made = ['/Pod', 'apps/ReplicaSet', 'apps/ControllerRevision', '/Event', 'events.k8s.io/Event'];
  const more = ['coordination.k8s.io/Lease', '/Endpoints', 'discovery.k8s.io/EndpointSlice'];
  expect([...made, ...more].filter((kind) => !isMadeByControllers(kind))).toEqual([]);
  expect(isMadeByControllers('batch/Job')).toBe(false);
  expect(of('apps/Deployment')).toEqual(['apps/ReplicaSet', '/Pod']);
  expect(of('argoproj.io/Rollout')).toEqual(['apps/ReplicaSet', '/Pod']);
  expect(of('apps/StatefulSet')).toEqual(['/Pod', 'apps/ControllerRevision', '/PersistentVolumeClaim']);
  expect(of('apps/DaemonSet')).toEqual(['/Pod', 'apps/ControllerRevision']);
  expect(of('batch/CronJob')).toEqual(['batch/Job', '/Pod']);
  expect(of('apps/ReplicaSet', 'apps/Deployment')).toEqual(['/Pod']);
  expect(of('constructor')).toEqual([]);
});

test('shows values in one line', () => {
  expect(inWords(undefined)).toBe('nothing');
  expect(inWords({ a: 1 })).toBe('{"a":1}');
  expect(inWords('x'.repeat(60))).toBe('x'.repeat(60));
  expect(inWords('x'.repeat(61))).toBe(`${'x'.repeat(60)}...`);
  expect(fromTo(1, 2)).toBe('from 1 to 2');
  expect(fromTo(`${'x'.repeat(40)}a`, `${'x'.repeat(40)}b`)).toBe(`from ${'x'.repeat(40)}a to ${'x'.repeat(40)}b`);
  const [long, other] = [`${'x'.repeat(41)}a`, `${'x'.repeat(41)}b`];
  expect(fromTo(long, other)).toBe(`from ...${'x'.repeat(20)}a to ...${'x'.repeat(20)}b`);
});

test('splits documents as Kubernetes does', () => {
  expect(pieces('a: 1\n---\nb: 2\n')).toEqual([
    [1, 'a: 1\n'],
    [3, 'b: 2\n'],
  ]);
  expect(pieces('\uFEFF---\na: 1\n--- # more\n\n---\nb: 2')).toEqual([
    [2, 'a: 1\n'],
    [6, 'b: 2'],
  ]);
  expect(pieces('a: |\n ---\n  x')).toEqual([[1, 'a: |\n ---\n  x']]);
  expect(pieces('')).toEqual([]);
  expect(split('a\n--- b\n')).toEqual({ pieces: [], error: { line: 2, says: 'has "b" behind a document separator' } });
  expect(split(`---${'x'.repeat(41)}`).error?.says).toBe(`has "${'x'.repeat(40)}..." behind a document separator`);
  expect(split(`---${'x'.repeat(40)}`).error?.says).toBe(`has "${'x'.repeat(40)}" behind a document separator`);
});
