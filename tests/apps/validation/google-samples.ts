/** Objects of kinds that Google's clusters serve beside those of Kubernetes. */
export const googleSamples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Gateway: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gateway', namespace: 'web-production' },
    spec: {
      gatewayClassName: 'gke-l7-global-external-managed',
      addresses: [{ type: 'NamedAddress', value: 'address' }],
      listeners: [{ name: 'https', protocol: 'HTTPS', port: 443, allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  },
  HTTPRoute: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      parentRefs: [{ name: 'gateway', namespace: 'gateway-production', sectionName: 'https' }],
      hostnames: ['www.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ name: 'web', port: 80, weight: 1 }],
        },
      ],
    },
  },
  HealthCheckPolicy: {
    apiVersion: 'networking.gke.io/v1',
    kind: 'HealthCheckPolicy',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      default: {
        checkIntervalSec: 5,
        config: {
          type: 'HTTP',
          httpHealthCheck: { portSpecification: 'USE_FIXED_PORT', port: 9090, requestPath: '/readyz' },
        },
      },
      targetRef: { group: '', kind: 'Service', name: 'web' },
    },
  },
  GCPBackendPolicy: {
    apiVersion: 'networking.gke.io/v1',
    kind: 'GCPBackendPolicy',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      default: { timeoutSec: 15, connectionDraining: { drainingTimeoutSec: 132 } },
      targetRef: { group: '', kind: 'Service', name: 'web' },
    },
  },
  PodMonitoring: {
    apiVersion: 'monitoring.googleapis.com/v1',
    kind: 'PodMonitoring',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 9090, interval: '15s' }] },
  },
};
