import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { render } from '../../apps/render.ts';
import type { Settings } from '../../settings/settings.ts';
import { projectWith, settings } from '../settings/sample.ts';

const web = { exposure: 'gateway', hosts: ['www.example.com'] } as const;
const production: Settings = { ...settings, environments: [{ name: 'production' }] };
const regional: Settings = {
  ...settings,
  environments: [{ name: 'production', gateway: 'regional' }],
  clusters: [
    {
      name: 'main',
      google: { project: 'example-project', region: 'europe-west1', network: { proxies: '10.11.0.0/23' } },
    },
  ],
};

function documents(owned: Settings, path: string): unknown[] {
  const text = render(projectWith(web, owned), new Map()).get(path);
  return parseAllDocuments(text ?? '').map((document) => document.toJS());
}

test('renders the gateway of an environment into a folder and an Application of its own', () => {
  const files = render(projectWith(web, production), new Map());
  expect([...files.keys()].filter((path) => path.includes('gateway'))).toEqual([
    'manifests/production/gateway/namespace.yaml',
    'manifests/production/gateway/gateway.yaml',
    'argocd/gateway-production.yaml',
    'argocd/gateway.project.yaml',
  ]);
  expect(documents(production, 'argocd/gateway-production.yaml')).toMatchObject([
    {
      metadata: { name: 'gateway-production', labels: { 'app.kubernetes.io/name': 'gateway' } },
      spec: {
        project: 'gateway',
        source: { path: 'manifests/production/gateway' },
        destination: { namespace: 'gateway-production' },
      },
    },
  ]);
  expect(documents(production, 'argocd/gateway.project.yaml')).toMatchObject([
    {
      spec: {
        namespaceResourceWhitelist: [
          { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
          { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
        ],
      },
    },
  ]);
});

test('listens by HTTPS for the routes of its environment, and redirects HTTP', () => {
  const [gateway, redirect] = documents(production, 'manifests/production/gateway/gateway.yaml');
  expect(gateway).toMatchObject({
    metadata: { annotations: { 'networking.gke.io/certmap': 'zerodrop-gateway-production' } },
    spec: {
      gatewayClassName: 'gke-l7-global-external-managed',
      addresses: [{ type: 'NamedAddress', value: 'zerodrop-gateway-production' }],
      listeners: [
        { name: 'http', port: 80, allowedRoutes: { namespaces: { from: 'Same' } } },
        {
          name: 'https',
          port: 443,
          allowedRoutes: {
            namespaces: { from: 'Selector', selector: { matchLabels: { 'zerodrop/gateway': 'production' } } },
          },
        },
      ],
    },
  });
  expect(redirect).toMatchObject({
    spec: {
      parentRefs: [{ name: 'gateway', sectionName: 'http' }],
      rules: [{ filters: [{ requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    },
  });
  expect(documents(production, 'manifests/production/web/namespace.yaml')).toMatchObject([
    { metadata: { labels: { 'zerodrop/gateway': 'production' } } },
  ]);
});

test('names each certificate of a regional gateway', () => {
  const [gateway] = documents(regional, 'manifests/production/gateway/gateway.yaml');
  expect(gateway).toMatchObject({
    spec: {
      gatewayClassName: 'gke-l7-regional-external-managed',
      listeners: [
        {},
        {
          tls: {
            options: { 'networking.gke.io/cert-manager-certs': expect.stringMatching(/^zerodrop-www-example-com-/) },
          },
        },
      ],
    },
  });
  expect(gateway).not.toHaveProperty('metadata.annotations');
});
