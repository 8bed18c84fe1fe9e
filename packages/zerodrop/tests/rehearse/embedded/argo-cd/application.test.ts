import { expect, test } from 'vitest';
import { isApplication, readApplication } from '../../../../src/rehearse/embedded/argo-cd/application.ts';

const manifest = (spec: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web' },
  spec,
});

test('reads what an Application asks for', () => {
  const asked = manifest({
    project: 'web',
    source: { repoURL: 'file:///r', targetRevision: 'main', path: 'm' },
    destination: { name: 'in-cluster', namespace: 'staging' },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['PruneLast=true'] },
  });
  expect(isApplication(asked)).toBe(true);
  expect(readApplication(asked)).toEqual({
    name: 'web',
    project: 'web',
    repository: 'file:///r',
    revision: 'main',
    path: 'm',
    destination: { server: 'in-cluster', namespace: 'staging' },
    automated: { prune: true, selfHeal: true, allowEmpty: false },
    retry: { limit: 5, firstMs: 5_000, factor: 2, mostMs: 180_000, refresh: false },
    pruneLast: true,
    ignored: [],
    respectsIgnored: false,
  });
});

test('has the defaults of Argo CD', () => {
  expect(readApplication(manifest({}))).toMatchObject({
    project: 'default',
    revision: 'HEAD',
    automated: null,
    pruneLast: false,
  });
});

test('reads how a sync that failed is tried again', () => {
  const retry = { limit: 3, backoff: { duration: '1m30s', factor: 3, maxDuration: 600 }, refresh: true };

  expect(readApplication(manifest({ syncPolicy: { retry } })).retry).toEqual({
    limit: 3,
    firstMs: 90_000,
    factor: 3,
    mostMs: 600_000,
    refresh: true,
  });
  expect(readApplication(manifest({ syncPolicy: { retry: {} } })).retry).toMatchObject({ limit: 0, firstMs: 5_000 });
});

test('is not automated where that is switched off', () => {
  expect(
    readApplication(manifest({ syncPolicy: { automated: { enabled: false, prune: true } } })).automated,
  ).toBeNull();
  expect(readApplication(manifest({ syncPolicy: { automated: {} } })).automated).not.toBeNull();
});
