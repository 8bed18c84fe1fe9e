import { k8s } from 'cdk8s-plus-28';
import { type Gateway, gatewayLabel, gatewayName } from '../exposure.ts';
import type { Exposure } from '../workload/exposure.ts';
import type { EgressRule, WebWorkload, Workload } from '../workload/schema.ts';
import { drainingSeconds, type Rollout } from './arithmetic.ts';
import { egressRules } from './configuration.ts';
import { type PodRequest, selectorLabels } from './pod-spec.ts';

/** Where Google's load balancers and health checks of layer 7 come from (cloud.google.com/load-balancing/docs/health-checks). */
const googleProxies = ['35.191.0.0/16', '130.211.0.0/22'] as const;

const serviceTypes: Readonly<Record<Exposure, string>> = {
  gateway: 'ClusterIP',
  'load-balancer': 'LoadBalancer',
  'node-port': 'NodePort',
  'cluster-ip': 'ClusterIP',
};

function tcp(port: number): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' };
}

/** Who may reach the pods, and whom they may reach. */
export function traffic(
  { collectors = [managedPrometheus], egress = [], googleServiceAccount }: Workload,
  { port, managementPort }: PodRequest,
  asked: HealthCheck | null,
): Pick<k8s.NetworkPolicySpec, 'ingress' | 'egress'> {
  const ingress = [
    ...(port === null ? [] : [{ ports: [tcp(port)] }]),
    // The kubelet's probes need no rule: a pod's own node always reaches it. A rule with an empty `from` would admit everybody.
    ...(managementPort === null || collectors.length === 0 ? [] : [{ from: collectors, ports: [tcp(managementPort)] }]),
    ...(asked === null || asked.port === port ? [] : [{ from: googleProxyPeers, ports: [tcp(asked.port)] }]),
  ];
  const rules = [...egress, ...(googleServiceAccount === undefined ? [] : metadataServer)];
  // Left out and not `[]` for nothing, as annotations are.
  return {
    ...(ingress.length > 0 && { ingress }),
    ...(rules.length > 0 && { egress: egressRules(rules) }),
  };
}

const googleProxyPeers: k8s.NetworkPolicyPeer[] = googleProxies.map((cidr) => ({ ipBlock: { cidr } }));

/**
 * The load balancer that Google makes of a Service with a reserved address: it has connection draining, and GKE's default is another one on
 * older clusters (GKE, "LoadBalancer Service parameters"; 1.33.1 and newer take the class with an address).
 */
const balancerClass = 'networking.gke.io/l4-regional-external';

export function serviceSpec(
  name: string,
  { exposure, externalTrafficPolicy, sourceRanges }: WebWorkload,
  port: number,
  address: string | null,
): k8s.ServiceSpec {
  return {
    type: serviceTypes[exposure],
    selector: selectorLabels(name),
    ports: [{ name: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }],
    ...(address !== null && { loadBalancerClass: balancerClass }),
    ...(sourceRanges !== undefined && { loadBalancerSourceRanges: [...sourceRanges] }),
    ...(serviceTypes[exposure] !== 'ClusterIP' && { externalTrafficPolicy: externalTrafficPolicy ?? 'Cluster' }),
  };
}

/** The collectors of Google's managed Prometheus (prometheus-engine/manifests/operator.yaml, DaemonSet `collector`). */
const managedPrometheus: k8s.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gmp-system' } },
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'collector' } },
};

/** What Google's managed Prometheus collects. Its definition fills in the labels, which are written so that there is nothing to compare. */
export function podMonitoring(selector: k8s.LabelSelector, port: number): object {
  return {
    selector,
    endpoints: [{ port, path: '/metrics', interval: '15s' }],
    targetLabels: { metadata: ['container', 'pod', 'top_level_controller_name', 'top_level_controller_type'] },
  };
}

/** How Google's metadata server, which Workload Identity asks, is reached with and without Dataplane V2. */
const metadataServer: readonly EgressRule[] = [
  { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 80, protocol: 'TCP' }] },
  { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }], ports: [{ port: 988, protocol: 'TCP' }] },
];

// The service answers a request that takes too long by itself, before the load balancer answers 504.
const answerSlackSeconds = 5;

/** What Google's load balancer asks of a pod. */
export interface HealthCheck {
  readonly path: string;
  readonly port: number;
}

/** What is asked: as it is said, else as the kubelet asks for readiness. Null where that is no path. */
export function healthCheckOf(
  { healthCheck = {} }: Pick<WebWorkload, 'healthCheck'>,
  { port, managementPort, probes }: Pick<PodRequest, 'port' | 'managementPort' | 'probes'>,
): HealthCheck | null {
  const { readiness } = probes;
  const asked = readiness !== undefined && 'path' in readiness ? readiness : undefined;
  const path = healthCheck.path ?? asked?.path;
  // A path of the owner's without a port is one of requests, as it is at any other load balancer.
  const usual = healthCheck.path === undefined ? (asked?.port ?? managementPort ?? port) : port;
  const own = healthCheck.port ?? usual;
  return path === undefined || own === null ? null : { path, port: own };
}

/** The Gateway that routes go to. */
export interface Parent {
  readonly name: string;
  readonly namespace: string;
}

/** What tells Google's load balancer of layer 7 about a service: its route, what is asked of its pods, and how long things may take. */
export function gatewayObjects(
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  workload: WebWorkload,
  { name: parent, namespace }: Parent,
  asked: HealthCheck,
  rollout: Rollout,
): readonly { readonly apiVersion: string; readonly kind: string; readonly [field: string]: unknown }[] {
  const { hosts = [], path = '/', securityPolicy, healthCheck } = workload;
  const targetRef = { group: '', kind: 'Service', name: metadata.name };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [
          { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: parent, namespace, sectionName: 'https' },
        ],
        hostnames: [...hosts],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: path } }],
            backendRefs: [{ group: '', kind: 'Service', name: metadata.name, port: 80, weight: 1 }],
          },
        ],
      },
    },
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'HealthCheckPolicy',
      metadata,
      spec: {
        default: {
          checkIntervalSec: healthCheck?.intervalSeconds ?? 5,
          timeoutSec: Math.min(5, healthCheck?.intervalSeconds ?? 5),
          // A new pod gets requests after one good answer: until then it does not count as available.
          healthyThreshold: 1,
          // As the kubelet's: a pod that misses one answer on a busy node is not ill.
          unhealthyThreshold: 3,
          logConfig: { enabled: true },
          config: {
            type: 'HTTP',
            httpHealthCheck: { portSpecification: 'USE_FIXED_PORT', port: asked.port, requestPath: asked.path },
          },
        },
        targetRef,
      },
    },
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata,
      spec: {
        default: {
          timeoutSec: Math.ceil(rollout.longestSeconds) + answerSlackSeconds,
          connectionDraining: { drainingTimeoutSec: drainingSeconds(rollout) },
          logging: { enabled: true, sampleRate: 1_000_000 },
          ...(securityPolicy !== undefined && { securityPolicy }),
        },
        targetRef,
      },
    },
  ];
}

const classes = { global: 'gke-l7-global-external-managed', regional: 'gke-l7-regional-external-managed' } as const;

const metadataOf = ({ name }: Gateway, own: string) => ({
  name: own,
  namespace: name,
  labels: { 'app.kubernetes.io/name': gatewayName },
});

/**
 * The Gateway of an environment: HTTPS with the certificates that the platform stack makes, on the address that it reserves, and a redirect
 * from HTTP. What the definitions fill in by themselves is written, so that Argo CD has nothing to compare.
 *
 * Which services it leads to is in their routes. A service that comes changes it only where it is regional: there each certificate is
 * named, while a global one names their map (GKE, "Secure a Gateway").
 */
export function sharedGateway(gateway: Gateway): readonly object[] {
  const { scope, address, certificates, environment } = gateway;
  const isGlobal = scope === 'global';
  const selector = { matchLabels: { [gatewayLabel]: environment.name } };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        ...metadataOf(gateway, gatewayName),
        ...(isGlobal && { annotations: { 'networking.gke.io/certmap': address } }),
      },
      spec: {
        gatewayClassName: classes[scope],
        addresses: [{ type: 'NamedAddress', value: address }],
        listeners: [
          { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'Same' } } },
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            ...(!isGlobal && {
              tls: {
                mode: 'Terminate',
                options: { 'networking.gke.io/cert-manager-certs': certificates.map(({ name }) => name).join(',') },
              },
            }),
            allowedRoutes: { namespaces: { from: 'Selector', selector } },
          },
        ],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: metadataOf(gateway, 'to-https'),
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gatewayName, sectionName: 'http' }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
          },
        ],
      },
    },
  ];
}
