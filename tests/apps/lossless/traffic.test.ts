import { expect, test } from 'vitest';
import { folderProblems } from '../../../apps/validate.ts';
import { image, rendered, web } from './rendered.ts';

test('has the address that it is given, and the class of load balancer that takes one', () => {
  const ranges = { ...web, sourceRanges: ['203.0.113.0/24'] };
  const service = rendered(ranges, image, { address: 'zerodrop-web' }).get('Service');
  expect(service?.metadata).toMatchObject({
    annotations: { 'networking.gke.io/load-balancer-ip-addresses': 'zerodrop-web' },
  });
  expect(service?.spec).toMatchObject({
    loadBalancerClass: 'networking.gke.io/l4-regional-external',
    loadBalancerSourceRanges: ['203.0.113.0/24'],
  });
  expect(rendered(web).get('Service')?.spec).not.toHaveProperty('loadBalancerClass');
});

const gateway = { name: 'gateway', namespace: 'gateway-production' };
const behind = { replicas: 3, exposure: 'gateway', hosts: ['www.example.com', 'example.com'] } as const;

test('is behind a gateway by a route, with what its load balancer has to know of it', () => {
  const asked = { ...behind, path: '/api', longestRequestSeconds: 20.5, securityPolicy: 'shield' };
  const objects = rendered(asked, image, { gateway });
  expect(objects.get('Service')?.spec).toEqual({
    type: 'ClusterIP',
    selector: { 'app.kubernetes.io/name': 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
  });
  expect(objects.get('HTTPRoute')?.spec).toMatchObject({
    parentRefs: [{ ...gateway, sectionName: 'https' }],
    hostnames: ['www.example.com', 'example.com'],
    rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/api' } }], backendRefs: [{ name: 'web', port: 80 }] }],
  });
  expect(objects.get('HealthCheckPolicy')?.spec).toMatchObject({
    default: {
      checkIntervalSec: 5,
      config: { type: 'HTTP', httpHealthCheck: { port: 9090, requestPath: '/readyz' } },
    },
    targetRef: { kind: 'Service', name: 'web' },
  });
  // A lag of 120 s and 2 s to spare; nobody is cut off before the pod itself ends.
  expect(objects.get('GCPBackendPolicy')?.spec).toMatchObject({
    default: {
      timeoutSec: 26,
      connectionDraining: { drainingTimeoutSec: 143 },
      logging: { enabled: true },
      securityPolicy: 'shield',
    },
  });
  expect(objects.get('Deployment')?.spec).toMatchObject({
    progressDeadlineSeconds: 217,
    template: {
      spec: {
        terminationGracePeriodSeconds: 148,
        readinessGates: [{ conditionType: 'cloud.google.com/load-balancer-neg-ready' }],
        containers: [{ env: expect.arrayContaining([{ name: 'DRAIN_MS', value: '122000' }]) }],
      },
    },
  });
  expect(objects.get('NetworkPolicy')?.spec).toMatchObject({
    ingress: expect.arrayContaining([
      {
        from: [{ ipBlock: { cidr: '35.191.0.0/16' } }, { ipBlock: { cidr: '130.211.0.0/22' } }],
        ports: [{ port: 9090, protocol: 'TCP' }],
      },
    ]),
  });
  expect(folderProblems([...objects.values()], 'web-production')).toEqual([]);
});

test.each([
  [{}, { port: 9090, requestPath: '/readyz' }],
  [{ healthCheck: { path: '/healthz' } }, { port: 8080, requestPath: '/healthz' }],
  [{ healthCheck: { path: '/healthz', port: 9090 } }, { port: 9090, requestPath: '/healthz' }],
  [{ probes: { readiness: { path: '/ok' } } }, { port: 8080, requestPath: '/ok' }],
  [{ probes: { readiness: { path: '/ok', port: 7000 } } }, { port: 7000, requestPath: '/ok' }],
  [
    { probes: { readiness: { tcp: 8080 } }, healthCheck: { path: '/' } },
    { port: 8080, requestPath: '/' },
  ],
])('with %j, its load balancer asks for %j', (values, asked) => {
  const spec = rendered({ ...behind, ...values }, image, { gateway }).get('HealthCheckPolicy')?.spec;
  expect(spec).toMatchObject({ default: { config: { httpHealthCheck: asked } } });
});

test('is collected by Google, unless others collect', () => {
  expect(rendered(web).get('PodMonitoring')?.spec).toMatchObject({
    selector: { matchLabels: { 'app.kubernetes.io/name': 'web' } },
    endpoints: [{ port: 9090, path: '/metrics' }],
  });
  expect(rendered({ ...web, collectors: [] }).has('PodMonitoring')).toBe(false);
  expect(rendered({ ...web, probes: { readiness: { path: '/' } } }).has('PodMonitoring')).toBe(false);
});
