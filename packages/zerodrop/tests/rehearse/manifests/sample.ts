import type { Rehearsed } from '../../../src/rehearse/manifests/rehearsed.ts';

const server = 'https://kubernetes.default.svc';
const labels = { 'app.kubernetes.io/name': 'web' };

/** An AppProject of two environments. */
export const project = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'web', namespace: 'argocd' },
  spec: {
    sourceRepos: ['https://github.com/example/shop'],
    destinations: ['web-staging', 'web-production'].map((namespace) => ({ server, namespace })),
    clusterResourceWhitelist: ['web-staging', 'web-production'].map((name) => ({ group: '', kind: 'Namespace', name })),
    destinationServiceAccounts: [{ server, namespace: 'web-staging', defaultServiceAccount: 'argocd:deploy' }],
  },
};

/** An Application of an environment. */
export const applicationOf = (environment: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: `web-${environment}`, namespace: 'argocd', labels: { environment } },
  spec: {
    project: 'web',
    source: { repoURL: 'https://github.com/example/shop', targetRevision: 'HEAD', path: `manifests/${environment}` },
    destination: { server, namespace: `web-${environment}` },
  },
});

/** A Deployment that drains for 5 s. */
export const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'web-staging' },
  spec: {
    replicas: 3,
    minReadySeconds: 5,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 20,
        containers: [
          { name: 'proxy', image: 'registry.test/proxy:1' },
          {
            name: 'web',
            image: 'registry.test:5000/shop/web:v0@sha256:0',
            env: [
              { name: 'PORT', value: '8080' },
              { name: 'DRAIN_MS', value: '5000' },
            ],
            livenessProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 10 },
            readinessProbe: { httpGet: { path: '/readyz', port: 8080 }, periodSeconds: 1 },
            startupProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 1, failureThreshold: 60 },
          },
        ],
      },
    },
  },
};

/** A Service of a load balancer. */
export const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'web-staging' },
  spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector: labels, ports: [{ port: 80 }] },
};

/** The environment `staging` as it is read. */
export const rehearsed: Rehearsed = {
  application: {
    name: 'web-staging',
    project: 'web',
    repository: 'https://github.com/example/shop',
    revision: 'HEAD',
    path: 'manifests/staging',
    destination: { server, namespace: 'web-staging' },
    automated: null,
    retry: { limit: 0, firstMs: 5_000, factor: 2, mostMs: 180_000, refresh: false },
    pruneLast: false,
    ignored: [],
    respectsIgnored: false,
  },
  rendered: { application: applicationOf('staging'), project },
  deployment,
  service: 'web',
  health: null,
  isRouted: false,
  image: 'registry.test:5000/shop/web',
  autoscaler: null,
};
