import { describe, expect, test } from 'vitest';
import { deployment, service } from './manifests.ts';
import { adding, changing, edited, rulesOf } from './sample.ts';

const quota = (hard: string): string =>
  `apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: shop}\nspec: {hard: {${hard}}}\n`;

describe('what the API server refuses', () => {
  const set =
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec: {serviceName: db, replicas: 3, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: []}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 10Gi}}}}]}\n';
  const pairs: readonly (readonly [string, string, string])[] = [
    ['C1 size', set, set.replace('10Gi', '20Gi')],
    ['C1 serviceName', set, set.replace('serviceName: db', 'serviceName: db2')],
    ['C1 policy', set, set.replace('replicas: 3', 'replicas: 3, podManagementPolicy: Parallel')],
    [
      'C2 job',
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: []}}}\n',
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [], nodeName: a}}}\n',
    ],
    [
      'C3 role',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: j}\nroleRef: {kind: Role, name: a}\n',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: j}\nroleRef: {kind: Role, name: b}\n',
    ],
    [
      'C3 size',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: j}\nspec: {resources: {requests: {storage: 20Gi}}}\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: j}\nspec: {resources: {requests: {storage: 10Gi}}}\n',
    ],
    [
      'C3 class',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: j}\nspec: {storageClassName: a}\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: j}\nspec: {storageClassName: b}\n',
    ],
    ['C3 address', service, edited(service, '  type: LoadBalancer\n', '  type: LoadBalancer\n  clusterIP: None\n')],
  ];
  test.each(pairs)('%s', (_name, before, after) => {
    expect(rulesOf(before, after)).toContain('immutable-field');
    expect(rulesOf(before, after, 'any')).toContain('immutable-field');
  });

  test('C4: two entries of one name', () => {
    expect(
      changing(
        deployment,
        edited(
          deployment,
          '          env:\n',
          '          env:\n            - name: DRAIN_MS\n              value: "5000"\n',
        ),
      ),
    ).toEqual(['duplicate-entry']);
  });

  test('C6: values that nobody takes', () => {
    expect(changing(deployment, edited(deployment, 'minReadySeconds: 5', 'minReadySeconds: 600'))).toEqual([
      'invalid-value',
    ]);
    // Pods start with such a request, and not with such a limit.
    expect(changing(deployment, edited(deployment, 'memory: 64Mi', 'memory: 64m'))).toEqual(['invalid-value (warn)']);
    const limits = 'memory: 64Mi\n            limits:\n              memory: 64m';
    expect(changing(deployment, edited(deployment, 'memory: 64Mi', limits))).toContain('invalid-value');
    expect(
      changing(deployment, edited(deployment, '            - name: GREETING\n', '            - name: "BAD NAME="\n')),
    ).toEqual(['invalid-value']);
    expect(changing(deployment, edited(deployment, 'containerPort: 8080', 'containerPort: 70000'))).toContain(
      'invalid-value',
    );
  });
});

describe('a surge pod without a place', () => {
  test('D1: a volume that one node can have', () => {
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop}\nspec: {accessModes: [ReadWriteOnce]}\n';
    expect(
      changing(
        deployment,
        edited(
          deployment,
          '      terminationGrace',
          '      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n      terminationGrace',
        ),
        claim,
      ),
    ).toEqual(['no-room-for-surge']);
  });

  test('D2: a port of the node', () => {
    expect(
      changing(
        deployment,
        edited(deployment, 'containerPort: 8080', 'containerPort: 8080\n              hostPort: 80'),
      ),
    ).toEqual(['no-room-for-surge']);
    expect(
      changing(
        deployment,
        edited(deployment, '      terminationGrace', '      hostNetwork: true\n      terminationGrace'),
      ),
    ).toEqual(['no-room-for-surge']);
  });

  test('D4: a quota', () => {
    expect(adding(quota('pods: "3"'))).toEqual(['no-room-for-surge']);
    expect(adding(quota('pods: "4"'))).toEqual([]);
    expect(adding(quota('requests.memory: 200Mi'))).toEqual(['no-room-for-surge']);
  });
});
