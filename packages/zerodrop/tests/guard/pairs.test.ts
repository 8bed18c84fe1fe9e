import { describe, expect, test } from 'vitest';
import { autoscaler, budget, deployment, policy, scaled, service } from './manifests.ts';
import { adding, changing, edited, file, findings, folder, inFolder, rulesOf, swap } from './sample.ts';

const keda = (least: number): string =>
  `apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web, namespace: shop}\nspec: {scaleTargetRef: {name: web}, minReplicaCount: ${least}}\n`;

test('lets the folder pass from nothing, and unchanged', () => {
  expect(rulesOf('', file(...folder))).toEqual([]);
  expect(rulesOf(file(...folder), file(...folder))).toEqual([]);
});

describe('objects that depend on each other', () => {
  const tiers = [
    edited(service, '    app: web\n', '    app: web\n    tier: web\n'),
    edited(deployment, '      labels:\n        app: web\n', '      labels:\n        app: web\n        tier: web\n'),
  ] as const;
  const paired = inFolder((one) => (one === service ? tiers[0] : one === deployment ? tiers[1] : one));

  test('A1: pods lose a label that the Service selects', () => {
    expect(
      rulesOf(
        paired,
        edited(
          paired,
          'labels:\n        app: web\n        tier: web',
          'labels:\n        app: web\n        tier: front',
        ),
      ),
    ).toEqual(['pods-unselected']);
    expect(
      rulesOf(paired, edited(paired, 'labels:\n        app: web\n        tier: web\n', 'labels:\n        app: web\n')),
    ).toEqual(['pods-unselected']);
  });

  test('A2: a named port that pods no longer have', () => {
    const byName = inFolder(swap(service, edited(service, 'targetPort: 8080', 'targetPort: http')));
    const renamed = byName
      .replace('- name: http\n              containerPort', '- name: web\n              containerPort')
      .replaceAll('port: http', 'port: web')
      .replace('targetPort: web', 'targetPort: http');
    expect(rulesOf(byName, renamed)).toEqual(['service-port-unreachable']);
  });

  const moved = deployment.replace('containerPort: 8080', 'containerPort: 9090');
  test('A3: pods listen on another number', () => {
    expect(changing(deployment, moved)).toContain('service-port-unreachable');
  });

  test('A4 and A5: a policy that leaves out the old or the new port', () => {
    const byName = inFolder(swap(service, edited(service, 'targetPort: 8080', 'targetPort: http')));
    const podsMoved = byName.replace('containerPort: 8080', 'containerPort: 9090');
    expect(rulesOf(byName, podsMoved)).toEqual(['traffic-cut']);
    expect(rulesOf(byName, podsMoved.replace('- port: 8080\n', '- port: 9090\n'))).toEqual(['traffic-cut']);
    expect(
      rulesOf(
        byName,
        podsMoved.replace(
          '    - ports:\n        - port: 8080\n',
          '    - ports:\n        - port: 8080\n        - port: 9090\n',
        ),
      ),
    ).toEqual([]);
  });

  test('A6: a policy by the name of a port', () => {
    const named = inFolder((one) => (one === policy ? edited(policy, 'port: 8080', 'port: http') : one));
    const renamed = named
      .replace('- name: http\n              containerPort', '- name: web\n              containerPort')
      .replaceAll('port: http\n          ', 'port: web\n          ');
    expect(rulesOf(named, renamed)).toContain('traffic-cut');
  });

  test('A7 and A8: an autoscaler beside replicas', () => {
    expect(adding(autoscaler(3))).toEqual(['autoscaler-overridden']);
    const before = inFolder(swap(deployment, scaled), autoscaler(10));
    expect(
      rulesOf(
        before,
        inFolder((one) => one, autoscaler(10)),
      ),
    ).toContain('autoscaler-overridden');
  });

  test('A9: the way out of a hand-over leads through the autoscaler', () => {
    const [finding, ...others] = findings(file(...folder), inFolder(swap(deployment, scaled), autoscaler(3)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'replicas-lost', fix: expect.stringContaining('ignoreDifferences') });
  });

  test('A10: a share of as many pods as the autoscaler makes', () => {
    const before = inFolder(swap(deployment, scaled), autoscaler(10));
    const share = before.replace('maxSurge: 1', 'maxSurge: 25%').replace('maxUnavailable: 0', 'maxUnavailable: 25%');
    expect(rulesOf(before, share)).toEqual(['max-unavailable']);
    const silent = edited(
      before,
      '  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n',
      '',
    );
    expect(rulesOf(before, silent)).toEqual(['max-unavailable']);
  });

  test('A11: KEDA makes the autoscaler', () => {
    const before = inFolder(swap(deployment, scaled), keda(3));
    expect(rulesOf(before, before.replace('1.2.3@', '1.2.4@'))).toEqual([]);
    expect(rulesOf(before, before.replace('minReplicaCount: 3', 'minReplicaCount: 0'))).toEqual(['replicas-lost']);
  });

  test('A12 and A13: budgets doubled, gone, empty, useless', () => {
    expect(adding(budget.replace('name: web', 'name: web-2'))).toEqual(['budgets-overlap']);
    expect(changing(budget, '')).toEqual(['budget-lost']);
    expect(changing(budget, edited(budget, 'app: web', 'app: x'))).toEqual(['budget-lost']);
    expect(changing(budget, edited(budget, 'maxUnavailable: 1', 'maxUnavailable: 100%'))).toEqual(['budget-lost']);
    expect(changing(budget, edited(budget, 'maxUnavailable: 1', 'maxUnavailable: 3'))).toEqual(['budget-lost']);
  });

  test('A15: a new Service or Ingress that leads to nothing', () => {
    expect(adding(service.replace('name: web', 'name: api').replace('app: web', 'app: api'))).toEqual([
      'pods-unselected (warn)',
    ]);
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: shop}\nspec: {defaultBackend: {service: {name: web, port: {number: 81}}}}\n';
    expect(adding(ingress)).toContain('backend-missing (warn)');
  });
});
