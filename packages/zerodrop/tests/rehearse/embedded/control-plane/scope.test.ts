import { expect, test } from 'vitest';
import { scopeOf } from '../../../../src/rehearse/manifests/rehearsed.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { metadata: { labels: { app: 'web', tier: 'front' } } } },
};

const service = (name: string, selector: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector },
});

test('finds the Service that leads to the Deployment', () => {
  const manifests = [
    service('none', {}),
    service('other', { app: 'api' }),
    service('front', { app: 'web' }),
    deployment,
  ];
  expect(scopeOf('staging', manifests)).toMatchObject({ namespace: 'staging', deployment: 'web', service: 'front' });
});

test('has a Service and no Deployment before the first release', () => {
  expect(scopeOf('staging', [service('front', { app: 'web' })])).toMatchObject({
    namespace: 'staging',
    deployment: null,
    service: 'front',
  });
});

test('has neither where there is nothing', () => {
  expect(scopeOf('staging', [])).toMatchObject({ namespace: 'staging', deployment: null, service: null });
});
