import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Exposure } from '../workload/schema.ts';
import { type ContainerRequest, containerProblems } from './container-problems.ts';
import { selectorLabels } from './labels.ts';
import { derivedVariables, podSpec } from './pod-spec.ts';
import { RolloutError } from './rollout-error.ts';
import type { Rollout, RolloutRequest } from './rollout.ts';
import { rollout } from './rollout.ts';

/** What an app says of itself; every number that depends on another one follows. */
export interface LosslessServiceProps extends RolloutRequest {
  /** Of every object, and of the label that selects the pods. */
  readonly name: string;
  readonly namespace: string;
  /** `name:tag@sha256:<64 hex>`; null before the first release, which renders all but the Deployment. */
  readonly image: string | null;
  /** The port that requests come to; 8080 unless said. */
  readonly port?: number;
  /** The port of `/livez`, `/readyz` and `/metrics`, which no Service leads to; 9090 unless said. */
  readonly managementPort?: number;
  /** Who may collect metrics from the management port; Google's managed Prometheus unless said. */
  readonly collectors?: k8s.NetworkPolicyPeer[];
  /** Requested, without a limit; 100m unless said, so that a surge pod still fits a small node. */
  readonly cpu?: string;
  /**
   * Requested, and the limit: a node short of memory then has no reason to pick this pod. 256Mi unless said, because the
   * service levels off at 215 MB resident on Node 24 at 3,500 requests a second.
   */
  readonly memory?: string;
  /** Its own variables, in the order in which they are rendered. Never a secret: name one by `secretKeyRef`. */
  readonly env?: readonly k8s.EnvVar[];
  /** Of the Deployment alone. In the template, a changed one would roll every pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the app may reach; nothing unless said. */
  readonly egress?: k8s.NetworkPolicyEgressRule[];
}

/** The collectors of Google's managed Prometheus (prometheus-engine/manifests/operator.yaml, DaemonSet `collector`). */
const managedPrometheus: k8s.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gmp-system' } },
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'collector' } },
};

const serviceTypes: Readonly<Record<Exposure, string>> = {
  'load-balancer': 'LoadBalancer',
  'node-port': 'NodePort',
  'cluster-ip': 'ClusterIP',
};

/**
 * A service that loses no request while it is rolled out: replicas and exposure in, every dependent number out.
 *
 * Made of cdk8s' plain `Kube*` objects: the higher ones derive names and selectors from the construct's path, so that
 * moving this construct would rename the Deployment and change a selector that can't change.
 */
export class LosslessService extends Construct {
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: LosslessServiceProps) {
    super(scope, id);
    const { port = 8080, managementPort = 9090, cpu = '100m', memory = '256Mi', env = [] } = props;
    const request = { port, managementPort, cpu, memory, env };
    this.rollout = checkedRollout(props, request);
    const metadata = { name: props.name, namespace: props.namespace, labels: selectorLabels(props.name) };
    const selector = { matchLabels: selectorLabels(props.name) };

    new k8s.KubeServiceAccount(this, 'service-account', { metadata, automountServiceAccountToken: false });
    new k8s.KubeService(this, 'service', { metadata, spec: serviceSpec(props, port) });
    if (props.image !== null) {
      const { unchecked } = this.rollout;
      const annotations = { ...props.annotations, ...(unchecked !== null && { 'zerodrop/unchecked': unchecked }) };
      new k8s.KubeDeployment(this, 'deployment', {
        metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
        spec: deploymentSpec(props.name, { ...request, image: props.image }, this.rollout),
      });
    }
    new k8s.KubePodDisruptionBudget(this, 'budget', {
      metadata,
      spec: {
        selector,
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        // A pod that never gets ready must not keep a node from being drained.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
    new k8s.KubeNetworkPolicy(this, 'network-policy', {
      metadata,
      spec: {
        podSelector: selector,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { ports: [tcp(port)] },
          // The kubelet's probes need no rule: a pod's own node always reaches it.
          { from: props.collectors ?? [managedPrometheus], ports: [tcp(managementPort)] },
        ],
        // Left out and not `[]` for nothing: the API server drops an empty list, and Argo CD would see a difference for ever.
        ...(props.egress !== undefined && { egress: props.egress }),
      },
    });
  }
}

/** The rollout, once nothing is wrong with it or with the container. Throws a {@link RolloutError} with all that is. */
function checkedRollout(props: RolloutRequest, request: ContainerRequest): Rollout {
  // Of the derived variables only the names matter here.
  const derived = derivedVariables(request, { drainSeconds: 0, longestRequestSeconds: 0 });
  const problems = [...containerProblems(request, derived)];
  try {
    const numbers = rollout(props);
    if (problems.length === 0) return numbers;
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    problems.unshift(...error.problems);
  }
  throw new RolloutError(problems);
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' };
}

function serviceSpec(props: LosslessServiceProps, port: number): k8s.ServiceSpec {
  return {
    type: serviceTypes[props.exposure],
    selector: selectorLabels(props.name),
    ports: [{ name: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }],
    ...(props.exposure !== 'cluster-ip' && { externalTrafficPolicy: props.externalTrafficPolicy ?? 'Cluster' }),
  };
}

function deploymentSpec(
  name: string,
  container: ContainerRequest & { readonly image: string },
  numbers: Rollout,
): k8s.DeploymentSpec {
  return {
    replicas: numbers.replicas,
    revisionHistoryLimit: 5,
    minReadySeconds: numbers.minReadySeconds,
    progressDeadlineSeconds: numbers.progressDeadlineSeconds,
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: {
        maxSurge: k8s.IntOrString.fromNumber(numbers.maxSurge),
        maxUnavailable: k8s.IntOrString.fromNumber(numbers.maxUnavailable),
      },
    },
    selector: { matchLabels: selectorLabels(name) },
    template: {
      metadata: { labels: selectorLabels(name) },
      spec: podSpec({ ...container, name }, numbers),
    },
  };
}
