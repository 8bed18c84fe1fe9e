import { expect, test } from 'vitest';
import { compare, immutable } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { identity, type Manifest } from '../../../../src/rehearse/manifests/object.ts';

const object = (kind: string, spec: object = {}): Manifest => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name: 'web', ...(kind === 'Namespace' ? {} : { namespace: 'staging' }) },
  spec,
});

const selecting = (app: string) => object('Deployment', { selector: { matchLabels: { app } } });

const byIdentity = (...manifests: readonly Manifest[]) => new Map(manifests.map((one) => [identity(one), one]));

test('makes what is missing and changes what differs, the namespace first and the Deployment last', () => {
  const desired = [
    object('Deployment', { replicas: 3 }),
    object('Service', { type: 'ClusterIP' }),
    object('Namespace'),
  ];
  const live = byIdentity(
    object('Deployment', { replicas: 2, paused: true }),
    object('Service', { type: 'ClusterIP', clusterIP: '10.0.0.1' }),
  );
  const { changes, same, prunes } = compare(desired, new Map(), live);
  expect(changes.map(({ manifest, patch }) => [manifest.kind, patch])).toEqual([
    ['Namespace', null],
    ['Deployment', { spec: { replicas: 3 } }],
  ]);
  expect(same.map(({ kind }) => kind)).toEqual(['Service']);
  expect(prunes).toEqual([]);
});

test('prunes what was applied before and is in git no longer, the namespace last', () => {
  const applied = byIdentity(object('Namespace'), object('Service'), object('ServiceAccount'));
  const byHand = object('ConfigMap');
  const { prunes, wipesOut } = compare([object('Service')], applied, new Map([...applied, ...byIdentity(byHand)]));
  expect(prunes.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Namespace']);
  expect(wipesOut).toBe(false);
});

test('prunes nothing that is already gone', () => {
  expect(compare([], byIdentity(object('Service')), new Map()).prunes).toEqual([]);
});

test('sees that nothing would be left', () => {
  const applied = byIdentity(object('Service'));
  expect(compare([], applied, applied).wipesOut).toBe(true);
});

test('refuses to change a selector, in the words of the API server', () => {
  expect(immutable([selecting('b')], byIdentity(selecting('a')))).toBe(
    'Failed to compare desired state to live state: Deployment/web is invalid: spec.selector: ' +
      'Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  );
  expect(immutable([selecting('a')], byIdentity(selecting('a')))).toBeNull();
  expect(immutable([selecting('a')], new Map())).toBeNull();
});

const ignoring = (respected: boolean) => ({ fieldsOf: () => [['spec', 'replicas']], respected });

test('what is ignored is no difference, and is left as it is where that is asked for', () => {
  const live = byIdentity(object('Deployment', { replicas: 5, paused: false }));
  const fixed = object('Deployment', { replicas: 3, paused: false });
  expect(compare([fixed], new Map(), live, ignoring(false)).changes).toEqual([]);

  const changed = object('Deployment', { replicas: 3, paused: true });
  expect(compare([changed], new Map(), live, ignoring(false)).changes[0]?.patch).toEqual({
    spec: { replicas: 3, paused: true },
  });
  expect(compare([changed], new Map(), live, ignoring(true)).changes[0]?.patch).toEqual({ spec: { paused: true } });
  // It leaves git after an autoscaler has taken over.
  const without = object('Deployment', { paused: false });
  expect(compare([without], byIdentity(fixed), live, ignoring(true)).changes).toEqual([]);
  expect(compare([without], byIdentity(fixed), live).changes[0]?.patch).toEqual({ spec: { replicas: null } });
});

test("a number that git says nothing of is the autoscaler's", () => {
  const live = byIdentity(object('Deployment', { replicas: 5, paused: false }));
  const same = object('Deployment', { paused: false });
  expect(compare([same], byIdentity(same), live).changes).toEqual([]);
});
