import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Pins } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { imageRepository, larger, project, projectWith, settings } from '../settings/sample.ts';

const image = `${imageRepository}:v1@sha256:${'0'.repeat(64)}`;
const pins: Pins = new Map([['staging/web', { image, source: 'a'.repeat(40) }]]);

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function documents(text: string | undefined): Rendered[] {
  return parseAllDocuments(text ?? '').map((document) => document.toJS());
}

test('renders a folder and an application for each target, and one project', () => {
  expect([...render(project, pins).keys()].toSorted()).toEqual([
    'argocd/web-production.yaml',
    'argocd/web-staging.yaml',
    'argocd/web.project.yaml',
    'manifests/production/web/namespace.yaml',
    'manifests/production/web/web.yaml',
    'manifests/staging/web/namespace.yaml',
    'manifests/staging/web/web.yaml',
  ]);
});

test.each([...render(project, pins)])('says in %s where it is from', (_path, text) => {
  expect(text).toMatch(/^# Rendered from settings\.ts, apps\/\S+.* by `npm run synth`\. Do not edit\.\n/);
});

test('renders the same bytes twice, whatever the order of what it is given', () => {
  const targets = project.targets.map(({ workload, name, ...target }) => ({
    workload: { ...workload },
    ...target,
    name,
  }));
  expect(render({ settings, targets }, new Map(pins))).toEqual(render(project, pins));
});

test('renders the pinned image, and no Deployment for an environment without one', () => {
  const files = render(project, pins);
  const staging = files.get('manifests/staging/web/web.yaml');
  expect(staging).toContain(`image: ${image}\n`);
  expect(documents(staging).map(({ kind }) => kind)).toContain('Deployment');
  expect(documents(files.get('manifests/production/web/web.yaml')).map(({ kind }) => kind)).not.toContain('Deployment');
  expect(files.get('manifests/production/web/web.yaml')).not.toContain('sha256');
});

test('ignores the pin of an environment that is gone', () => {
  const text = [
    ...render(projectWith({}, { ...settings, environments: [{ name: 'production' }] }), pins).values(),
  ].join('');
  expect(text).not.toContain('staging');
});

test('permits the kinds that are rendered, also those of the first release', () => {
  const [appProject] = documents(render(project, new Map()).get('argocd/web.project.yaml'));
  const permitted: unknown = appProject?.spec?.['namespaceResourceWhitelist'];
  for (const [group, kind] of [
    ['', 'Service'],
    ['apps', 'Deployment'],
    ['networking.k8s.io', 'NetworkPolicy'],
    ['', 'Pod'],
  ]) {
    expect(permitted).toContainEqual({ group, kind });
  }
  expect(permitted).not.toContainEqual({ group: '', kind: 'Namespace' });
});

test('keeps each environment in its namespace', () => {
  for (const name of ['staging', 'production']) {
    const namespace = `web-${name}`;
    const service = documents(render(project, pins).get(`manifests/${name}/web/web.yaml`));
    expect(new Set(service.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace]));
    expect(documents(render(project, pins).get(`manifests/${name}/web/namespace.yaml`))).toEqual([
      expect.objectContaining({ kind: 'Namespace', metadata: expect.objectContaining({ name: namespace }) }),
    ]);
  }
});

test('checks what comes with the first release before it', () => {
  const unchecked = { because: 'a typing error', minReadySeconds: 3e9 };
  const make = (): unknown => render(projectWith({ unchecked }), new Map());
  expect(make).toThrow(
    'manifests/staging/web/: Deployment web-staging/web: spec.minReadySeconds is 3000000000. Expected a number from',
  );
  expect(make).toThrow(expect.objectContaining({ name: 'SettingsError' }));
});

test('gives each service a project of its own on each cluster, with its namespaces there alone', () => {
  const files = render(projectWith({}, larger), new Map());
  expect([...files.keys()].filter((path) => path.startsWith('argocd/')).toSorted()).toEqual([
    'argocd/main/api-preview.yaml',
    'argocd/main/api-staging.yaml',
    'argocd/main/api.project.yaml',
    'argocd/main/web-preview.yaml',
    'argocd/main/web-staging.yaml',
    'argocd/main/web.project.yaml',
    'argocd/west/api-production.yaml',
    'argocd/west/api.project.yaml',
    'argocd/west/web-production.yaml',
    'argocd/west/web.project.yaml',
  ]);
  const namespaces = (path: string) => documents(files.get(path))[0]?.spec?.['destinations'];
  const server = 'https://kubernetes.default.svc';
  expect(namespaces('argocd/main/api.project.yaml')).toEqual(
    ['api-staging', 'api-preview'].map((namespace) => ({ server, namespace })),
  );
  expect(namespaces('argocd/west/api.project.yaml')).toEqual([{ server, namespace: 'api-production' }]);
});
