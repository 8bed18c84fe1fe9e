import { ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { egressRules } from '../workload/kubernetes.ts';
import type { Autoscale } from '../workload/parts.ts';
import type { EgressRule, Exposure, WebWorkload, Workload } from '../workload/schema.ts';
import type { Rollout } from './arithmetic.ts';
import { configuration } from './configuration.ts';
import { derivedVariables, podRequest, type PodRequest, podSpec, selectorLabels } from './pod-spec.ts';
import { containerProblems, RolloutError } from './problems.ts';
import { rollout } from './rollout.ts';

/** A service in its place; every number that depends on another one follows. */
export interface LosslessServiceProps {
  /** Of every object, and of the label that selects the pods. */
  readonly name: string;
  readonly namespace: string;
  /** `name:tag@sha256:<64 hex>`; null before the first release, which renders all but the Deployment. */
  readonly image: string | null;
  readonly workload: Workload;
  /** Of the Deployment alone. In the template, a changed one would roll every pod. */
  readonly annotations?: Readonly<Record<string, string>>;
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

/** How Google's metadata server, which Workload Identity asks, is reached with and without Dataplane V2. */
const metadataServer: readonly EgressRule[] = [
  { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 80, protocol: 'TCP' }] },
  { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }], ports: [{ port: 988, protocol: 'TCP' }] },
];

/**
 * A service that loses no request while it is rolled out, or a worker that loses no job: replicas and exposure in, every dependent
 * number out.
 *
 * Made of cdk8s' plain `Kube*` objects: the higher ones derive names and selectors from the construct's path, so that
 * moving this construct would rename the Deployment and change a selector that can't change.
 */
export class LosslessService extends Construct {
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: LosslessServiceProps) {
    super(scope, id);
    const { name, namespace, workload } = props;
    const request = podRequest(name, workload);
    this.rollout = checkedRollout(workload, request);
    const labels = { ...workload.labels, ...selectorLabels(name) };
    const metadata = { name, namespace, labels };
    const selector = { matchLabels: selectorLabels(name) };
    const given = configuration(name, workload);

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: {
        ...metadata,
        ...annotated({
          ...(workload.googleServiceAccount !== undefined && {
            'iam.gke.io/gcp-service-account': workload.googleServiceAccount,
          }),
        }),
      },
      automountServiceAccountToken: false,
    });
    for (const [index, { name: own, data }] of given.configMaps.entries())
      new k8s.KubeConfigMap(this, `config-map-${index}`, { metadata: { ...metadata, name: own }, data });
    if (workload.exposure !== undefined) {
      new k8s.KubeService(this, 'service', {
        metadata: { ...metadata, ...annotated(workload.serviceAnnotations) },
        spec: serviceSpec(name, workload, request.port ?? 0),
      });
    }
    if (props.image !== null) {
      const { unchecked } = this.rollout;
      const pod = podSpec(request, props.image, this.rollout, given);
      const manifest: ApiObjectProps = k8s.KubeDeployment.manifest({
        metadata: {
          ...metadata,
          ...annotated({ ...props.annotations, ...(unchecked !== null && { 'zerodrop/unchecked': unchecked }) }),
        },
        spec: {
          ...rolling(workload, this.rollout),
          selector,
          template: {
            metadata: { labels, ...annotated({ ...workload.annotations, ...given.annotations }) },
            spec: pod,
          },
        },
      });
      const deployment = new ApiObject(this, 'deployment', manifest);
      const hook = preStop(request, this.rollout);
      // The generated types of this version know no hook that sleeps, and leave out without a word what they don't know.
      if (hook !== null)
        deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/lifecycle', { preStop: hook }));
      if (workload.autoscale !== undefined) {
        new k8s.KubeHorizontalPodAutoscalerV2(this, 'autoscaler', {
          // Without metrics yet it would count as degraded, and the release with it; it keeps to its minimum meanwhile.
          metadata: { ...metadata, annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } },
          spec: autoscaler(name, workload.autoscale),
        });
      }
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
      spec: { podSelector: selector, policyTypes: ['Ingress', 'Egress'], ...traffic(workload, request) },
    });
  }
}

/** Left out and not empty where there are none: the API server drops an empty map, and Argo CD would see a difference for ever. */
function annotated(annotations: Readonly<Record<string, string>> = {}): { annotations?: Record<string, string> } {
  return Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } };
}

/** The rollout, once nothing is wrong with it or with the container. Throws a {@link RolloutError} with all that is. */
function checkedRollout(workload: Workload, request: PodRequest): Rollout {
  // Of the derived variables only the names matter here.
  const derived = derivedVariables(request, { drainSeconds: 0, longestSeconds: 0 });
  const problems = [...containerProblems(request, derived, workload.config)];
  try {
    const numbers = rollout(workload);
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

/** Who may reach the pods, and whom they may reach. */
function traffic(
  { collectors = [managedPrometheus], egress = [], googleServiceAccount }: Workload,
  { port, managementPort }: PodRequest,
): Pick<k8s.NetworkPolicySpec, 'ingress' | 'egress'> {
  const ingress = [
    ...(port === null ? [] : [{ ports: [tcp(port)] }]),
    // The kubelet's probes need no rule: a pod's own node always reaches it. A rule with an empty `from` would admit everybody.
    ...(managementPort === null || collectors.length === 0 ? [] : [{ from: collectors, ports: [tcp(managementPort)] }]),
  ];
  const rules = [...egress, ...(googleServiceAccount === undefined ? [] : metadataServer)];
  // Left out and not `[]` for nothing, as annotations are.
  return {
    ...(ingress.length > 0 && { ingress }),
    ...(rules.length > 0 && { egress: egressRules(rules) }),
  };
}

function serviceSpec(name: string, { exposure, externalTrafficPolicy }: WebWorkload, port: number): k8s.ServiceSpec {
  return {
    type: serviceTypes[exposure],
    selector: selectorLabels(name),
    ports: [{ name: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }],
    ...(exposure !== 'cluster-ip' && { externalTrafficPolicy: externalTrafficPolicy ?? 'Cluster' }),
  };
}

/** How pods are replaced. */
function rolling(workload: Workload, numbers: Rollout): Omit<k8s.DeploymentSpec, 'selector' | 'template'> {
  const isRecreated = workload.exposure === undefined && workload.recreate === true;
  return {
    // Left out once the autoscaler alone chooses: each sync would take the pods back to it.
    ...(numbers.replicas !== null && { replicas: numbers.replicas }),
    revisionHistoryLimit: 5,
    minReadySeconds: numbers.minReadySeconds,
    progressDeadlineSeconds: numbers.progressDeadlineSeconds,
    strategy: isRecreated
      ? { type: 'Recreate' }
      : {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: share(numbers.maxSurge), maxUnavailable: share(numbers.maxUnavailable) },
        },
  };
}

function share(pods: number | string): k8s.IntOrString {
  return typeof pods === 'number' ? k8s.IntOrString.fromNumber(pods) : k8s.IntOrString.fromString(pods);
}

/** What keeps a program that can't drain from being told to end, as Kubernetes takes it; null where it needs nothing. */
function preStop({ preStop: asked }: PodRequest, { drainSeconds }: Rollout): object | null {
  if (asked === undefined || (asked === 'sleep' && drainSeconds === 0)) return null;
  return asked === 'sleep' ? { sleep: { seconds: Math.ceil(drainSeconds) } } : { exec: { command: asked.exec } };
}

// Half of what is left to a pod at this load covers the minutes until new pods serve.
const usualCpuPercent = 70;

/** The autoscaler of a Deployment. It owns the number of pods, which the Deployment in git leaves out. */
function autoscaler(name: string, asked: Autoscale): k8s.HorizontalPodAutoscalerSpecV2 {
  const { min, max, targetMemory } = asked;
  const targetCpu = asked.targetCpu ?? (targetMemory === undefined ? usualCpuPercent : undefined);
  const targets = [
    { name: 'cpu', percent: targetCpu },
    { name: 'memory', percent: targetMemory },
  ];
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: min,
    maxReplicas: max,
    metrics: targets.flatMap(({ name: resource, percent }) =>
      percent === undefined
        ? []
        : [
            {
              type: 'Resource',
              resource: { name: resource, target: { type: 'Utilization', averageUtilization: percent } },
            },
          ],
    ),
  };
}
