import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { links } from '../../../cluster/argocd/values.ts';
import { samples } from '../sample.ts';
import { valuesOf } from './values.ts';

const production = valuesOf(samples.production, 'argocd');
const demo = valuesOf(samples.demo, 'argocd');
const everything = valuesOf(samples.everything, 'argocd');

function kinds(values: typeof demo): unknown[] {
  return [values['extraObjects']].flat().map((object) => Object(object).kind);
}

test('runs twice what people and webhooks call, in production', () => {
  expect(production).toMatchObject({
    controller: { replicas: 1 },
    server: { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } },
    repoServer: { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } },
  });
  expect(demo['server']).not.toHaveProperty('replicas');
});

test('asks for what each part needs', () => {
  for (const part of ['controller', 'server', 'repoServer', 'redis', 'dex', 'notifications']) {
    expect(demo[part]).toHaveProperty('resources.requests.cpu');
    expect(demo[part]).toHaveProperty('resources.limits.memory');
  }
});

test('tracks by annotation, compares on the server, and keeps its network to itself', () => {
  expect(demo).toMatchObject({
    configs: {
      cm: { 'application.resourceTrackingMethod': 'annotation', 'exec.enabled': 'false' },
      params: { 'controller.diff.server.side': 'true' },
    },
    global: { networkPolicy: { create: true, defaultDenyIngress: true } },
    applicationSet: { replicas: 0 },
  });
});

test('is reached by a port-forward with the built-in admin, unless said', () => {
  expect(production).toMatchObject({
    configs: { cm: { url: 'https://localhost:8080', 'admin.enabled': 'true' }, secret: {} },
    server: { service: { type: 'ClusterIP' } },
    dex: { enabled: false },
    notifications: { enabled: false },
  });
  expect(production['configs']).not.toHaveProperty(['params', 'server.insecure']);
});

test('lets people in by their GitHub team and turns the admin off', () => {
  expect(everything).toMatchObject({
    configs: {
      cm: { 'admin.enabled': 'false', url: 'https://argocd.example.com' },
      rbac: { 'policy.csv': 'g, example:platform, role:admin\n', 'policy.default': 'role:readonly' },
    },
    dex: { enabled: true },
  });
  expect(everything['configs']).toHaveProperty(
    ['cm', 'dex.config'],
    expect.stringContaining('clientSecret: $argocd-single-sign-on:clientSecret'),
  );
});

test('names the webhook’s secret and does not hold it', () => {
  expect(everything).toHaveProperty(['configs', 'secret'], {
    extra: { 'webhook.github.secret': '$argocd-webhook:secret' },
  });
});

test('opens a Gateway only with a domain', () => {
  expect(kinds(everything)).toEqual(expect.arrayContaining(['Gateway', 'HTTPRoute', 'HealthCheckPolicy']));
  expect(kinds(production)).not.toContain('Gateway');
});

test('writes keys and values that Argo CD keeps as text in quotes', () => {
  // A ConfigMap takes only strings; the chart turns true into "true", but not every template does.
  for (const part of ['cm', 'params', 'rbac']) {
    for (const value of Object.values(Object(Object(everything['configs'])[part]))) expect(value).toBeTypeOf('string');
  }
});

test('leads from a Service to its answer', () => {
  const { 'resource.links': text, ...others } = links();
  expect(parse(String(text))).toMatchObject([{ title: 'Version that answers' }]);
  expect(others).toEqual({});
});
