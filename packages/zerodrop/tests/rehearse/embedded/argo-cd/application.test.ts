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

test('is not automated where that is switched off', () => {
  expect(
    readApplication(manifest({ syncPolicy: { automated: { enabled: false, prune: true } } })).automated,
  ).toBeNull();
  expect(readApplication(manifest({ syncPolicy: { automated: {} } })).automated).not.toBeNull();
});
