import { App, Chart } from 'cdk8s';
import { expect, test } from 'vitest';
import { makeNamespace, targetDocuments } from '../../apps/render.ts';
import { requireTarget } from '../../release/publish/render.ts';
import { project, projectWith, settings } from '../settings/sample.ts';

const production = requireTarget({ environment: 'production' }, project);

test('keeps the namespace apart from what lives in it', () => {
  const documents = targetDocuments(production, null, {});
  expect(documents.namespace).toEqual([expect.objectContaining({ kind: 'Namespace' })]);
  expect(documents.service).toContainEqual(expect.objectContaining({ kind: 'Service' }));
  expect(documents.service).not.toContainEqual(expect.objectContaining({ kind: 'Namespace' }));
});

test('names the file and the environment whose rollout does not hold', () => {
  const unchecked = { because: 'a typing error', maxSurge: 0 };
  const target = requireTarget({ environment: 'production' }, projectWith({ unchecked }));
  expect(() => targetDocuments(target, null, {})).toThrow(
    expect.objectContaining({
      name: 'SettingsError',
      message: expect.stringMatching(/^apps\/services\/web\.ts: in production, maxSurge and maxUnavailable are both 0/),
      cause: expect.objectContaining({ name: 'SettingsError' }),
    }),
  );
});

test('passes variables and egress on as Kubernetes takes them', () => {
  const target = requireTarget(
    { environment: 'production' },
    projectWith({
      env: { LEVEL: 'info', PASSWORD: { secret: 'database', key: 'password' } },
      egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }, { port: 'dns' }] }],
    }),
  );
  const text = JSON.stringify(targetDocuments(target, `web:1@sha256:${'0'.repeat(64)}`, {}).service);
  expect(text).toContain('{"name":"LEVEL","value":"info"}');
  expect(text).toContain('{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"key":"password","name":"database"}}}');
  expect(text).toContain('"ports":[{"port":53,"protocol":"UDP"},{"port":"dns"}]');
});

test.each([
  ['enforce', true],
  ['warn', true],
  ['off', false],
] as const)(
  'asks for signatures in the namespace of a service, where that is set to %s: %s',
  (admission, isLabelled) => {
    const clusters = settings.clusters.map((cluster) => ({ ...cluster, google: { ...cluster.google, admission } }));
    const target = requireTarget({ environment: 'production' }, projectWith({}, { ...settings, clusters }));
    const label = '"policy.sigstore.dev/include":"true"';
    expect(JSON.stringify(targetDocuments(target, null, {}).namespace).includes(label)).toBe(isLabelled);
  },
);

test('admits restricted pods only, and is not pruned without a person', () => {
  const chart = new Chart(new App(), 'chart');
  expect(makeNamespace(chart, 'web-production').name).toBe('web-production');
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
