import { ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { SettingsError } from '../../settings/sentences.ts';
import type { Autoscale } from '../workload/parts.ts';
import type { Workload } from '../workload/schema.ts';
import type { Rollout } from './arithmetic.ts';
import { configuration } from './configuration.ts';
import { derivedVariables, podRequest, type PodRequest, podSpec, selectorLabels } from './pod-spec.ts';
import { containerProblems, rollout } from './problems.ts';
import { gatewayObjects, healthCheckOf, type Parent, podMonitoring, serviceSpec, traffic } from './traffic.ts';

/** A service in its place; every number that depends on another one follows. */
export interface LosslessServiceProps {
  /** Of every object, and of the label that selects the pods. */
  readonly name: string;
  readonly namespace: string;
  /** `name:tag@sha256:<64 hex>`; null before the first release, which renders all but the Deployment. */
  readonly image: string | null;
  readonly workload: Workload;
  /** What leads to it from outside: a load balancer with any address, and no Gateway, unless said. */
  readonly entrance?: Partial<Entrance>;
  /** Of the Deployment alone. In the template, a changed one would roll every pod. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a service is reached through, by the names that the stacks in cluster/ and its environment give it. */
export interface Entrance {
  /** The reserved address of its own load balancer; null where it has none, or the owner chooses the load balancer. */
  readonly address: string | null;
  readonly gateway: Parent;
}

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
    const { address = null, gateway } = props.entrance ?? {};
    if (workload.exposure !== undefined) {
      new k8s.KubeService(this, 'service', {
        metadata: {
          ...metadata,
          ...annotated({
            ...(address !== null && { 'networking.gke.io/load-balancer-ip-addresses': address }),
            ...workload.serviceAnnotations,
          }),
        },
        spec: serviceSpec(name, workload, request.port ?? 0, address),
      });
    }
    const asked = workload.exposure === 'gateway' ? healthCheckOf(workload, request) : null;
    if (workload.exposure === 'gateway' && asked !== null && gateway !== undefined) {
      const objects = gatewayObjects(metadata, workload, gateway, asked, this.rollout);
      for (const object of objects) new ApiObject(this, object.kind, object);
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
    // Of other collectors the owner says how they find the pods.
    if (request.managementPort !== null && workload.collectors === undefined) {
      new ApiObject(this, 'monitoring', {
        apiVersion: 'monitoring.googleapis.com/v1',
        kind: 'PodMonitoring',
        metadata,
        spec: podMonitoring(selector, request.managementPort),
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
      spec: { podSelector: selector, policyTypes: ['Ingress', 'Egress'], ...traffic(workload, request, asked) },
    });
  }
}

/** Left out and not empty where there are none: the API server drops an empty map, and Argo CD would see a difference for ever. */
function annotated(annotations: Readonly<Record<string, string>> = {}): { annotations?: Record<string, string> } {
  return Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } };
}

/** The rollout, once nothing is wrong with it or with the container. Throws a {@link SettingsError} with all that is. */
function checkedRollout(workload: Workload, request: PodRequest): Rollout {
  // Of the derived variables only the names matter here.
  const derived = derivedVariables(request, { drainSeconds: 0, longestSeconds: 0 });
  const problems = [...containerProblems(request, derived, workload.config)];
  try {
    const numbers = rollout(workload);
    if (problems.length === 0) return numbers;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.unshift(...error.problems);
  }
  throw new SettingsError(problems, undefined, null);
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
