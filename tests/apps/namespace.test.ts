import { App, Chart } from 'cdk8s';
import { expect, test } from 'vitest';
import { namespace } from '../../apps/namespace.ts';

test('admits restricted pods only, and is not pruned without a person', () => {
  const chart = new Chart(new App(), 'chart');
  expect(namespace(chart, 'web-production').name).toBe('web-production');
  expect(chart.toJson()).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'web-production',
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/enforce-version': 'v1.35',
        },
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
      },
    },
  ]);
});
