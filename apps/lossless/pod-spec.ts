import { k8s } from 'cdk8s-plus-28';
import type { Exposure } from '../workload/exposure.ts';
import type { InitContainer, Probe, Sidecar } from '../workload/parts.ts';
import type { WebWorkload, WorkerWorkload } from '../workload/schema.ts';
import { probePeriodSeconds, type Rollout } from './arithmetic.ts';
import { type Configuration, handler, variables } from './configuration.ts';
import { usualBeforeSeconds } from './problems.ts';

/** What the kubelet asks of a service. */
interface Asked {
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  /** What `liveness` asks unless said, else what `readiness` does. */
  readonly startup?: Probe;
}

/** Of a program that answers as the example service does. */
const usualProbes: Asked = { readiness: { path: '/readyz' }, liveness: { path: '/livez' } };

// Three missed looks at 10 s: a restart loses requests, so it is for a process that is stuck, not for a busy one.
const liveness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };

/** The probes of a container. Those by path ask at this port, unless they say another. */
function probes(
  asked: Asked,
  rollout: Pick<Rollout, 'probes' | 'startupSeconds'>,
  port: number,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const alive = asked.liveness === undefined ? undefined : { ...liveness, ...handler(asked.liveness, port) };
  if (rollout.probes === 'liveness-only') {
    // Without a startup probe, liveness has to wait out the slowest start by itself.
    return alive === undefined ? {} : { livenessProbe: { initialDelaySeconds: rollout.startupSeconds, ...alive } };
  }
  const startup = asked.startup ?? asked.liveness ?? asked.readiness;
  return {
    ...(startup !== undefined && { startupProbe: startupProbe(startup, rollout.startupSeconds, port) }),
    ...(asked.readiness !== undefined && {
      readinessProbe: { ...handler(asked.readiness, port), periodSeconds: probePeriodSeconds, failureThreshold: 3 },
    }),
    ...(alive !== undefined && { livenessProbe: alive }),
  };
}

/** Lets a container take so long to its first answer. */
function startupProbe(asked: Probe, startupSeconds: number, port: number): k8s.Probe {
  return {
    ...handler(asked, port),
    periodSeconds: probePeriodSeconds,
    failureThreshold: Math.ceil(startupSeconds / probePeriodSeconds),
  };
}

/** A workload with its defaults: what its pods are made of. */
export interface PodRequest {
  readonly name: string;
  /** Of requests; null for a worker. */
  readonly port: number | null;
  /** Of probes and metrics; null where there is none. */
  readonly managementPort: number | null;
  readonly probes: Asked;
  readonly cpu: string;
  readonly memory: string;
  readonly env: WebWorkload['env'];
  readonly preStop: WebWorkload['preStop'];
  readonly workload: Pick<WebWorkload, 'command' | 'args' | 'user' | 'initContainers' | 'sidecars'> & {
    readonly exposure?: Exposure | undefined;
  };
}

/** A workload with what is left out of it. */
export function podRequest(name: string, workload: WebWorkload | WorkerWorkload): PodRequest {
  const { cpu = '100m', memory = '256Mi', env } = workload;
  const common = { name, cpu, memory, env, workload };
  if (workload.exposure === undefined) {
    const { managementPort = null, probes: asked = {} } = workload;
    return { ...common, port: null, managementPort, probes: asked, preStop: undefined };
  }
  // A program that says what to ask need not be like the example service, which has a port for it.
  const managementPort = workload.managementPort ?? (workload.probes === undefined ? 9090 : null);
  const { port = 8080, probes: asked = usualProbes, preStop } = workload;
  return { ...common, port, managementPort, probes: asked, preStop };
}

/** The condition by which Google tells that its load balancer sends requests to a pod (ingress-gce/pkg/neg/types/shared). */
const loadBalancerReady = 'cloud.google.com/load-balancer-neg-ready';

/** The label that the Service, the Deployment, its budget and its network policy select pods by. Selectors can't change. */
export function selectorLabels(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name };
}

function spread(name: string, topologyKey: string): k8s.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey,
    // Never DoNotSchedule: a surge pod that waits for a second node would hold the rollout up.
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels(name) },
    // Counts each version for itself: else the new pods go where the old ones happen not to be, and stay there.
    matchLabelKeys: ['pod-template-hash'],
  };
}

function milliseconds(name: string, seconds: number): k8s.EnvVar {
  return { name, value: String(Math.round(seconds * 1_000)) };
}

/** The variables that follow from the rollout: a service's own may not repeat them. */
export function derivedVariables(
  { port, managementPort, preStop }: Pick<PodRequest, 'port' | 'managementPort' | 'preStop'>,
  { drainSeconds, longestSeconds }: Pick<Rollout, 'drainSeconds' | 'longestSeconds'>,
): k8s.EnvVar[] {
  return [
    ...(port === null ? [] : [{ name: 'PORT', value: String(port) }]),
    ...(managementPort === null ? [] : [{ name: 'MANAGEMENT_PORT', value: String(managementPort) }]),
    // The program drains by itself, unless a preStop hook does it: a hook would keep it from telling its clients to go.
    ...(port === null || preStop !== undefined ? [] : [milliseconds('DRAIN_MS', drainSeconds)]),
    ...(preStop !== undefined ? [] : [milliseconds('SHUTDOWN_LIMIT_MS', longestSeconds)]),
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  ];
}

/** Within Pod Security `restricted`. */
const confined: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

function resources(cpu: string, memory: string): k8s.ResourceRequirements {
  return {
    requests: { cpu: k8s.Quantity.fromString(cpu), memory: k8s.Quantity.fromString(memory) },
    // No limit on CPU: being throttled in the middle of a drain is what it would buy.
    limits: { memory: k8s.Quantity.fromString(memory) },
  };
}

/** A field with this list; left out where it is empty, which the API server would take for another value than none. */
function filled<Key extends string, Item>(key: Key, list: Item[] = []): Partial<Record<Key, Item[]>> {
  const fields: Partial<Record<string, Item[]>> = list.length === 0 ? {} : { [key]: list };
  return fields;
}

function container(request: PodRequest, image: string, rollout: Rollout, given: Configuration): k8s.Container {
  const { name, port, managementPort, env, cpu, memory, workload } = request;
  // A worker declares none: nothing is to send it requests.
  const ports = [
    { name: 'http', containerPort: port },
    { name: 'management', containerPort: managementPort },
  ].flatMap(({ containerPort, ...named }) =>
    port === null || containerPort === null ? [] : [{ ...named, containerPort, protocol: 'TCP' }],
  );
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ...filled('command', workload.command),
    ...filled('args', workload.args),
    ...filled('ports', ports),
    env: [...derivedVariables(request, rollout), ...variables(env)],
    ...filled('envFrom', given.envFrom),
    ...filled('volumeMounts', given.mounts),
    ...probes(request.probes, rollout, managementPort ?? port ?? 0),
    resources: resources(cpu, memory),
    securityContext: confined,
  };
}

/** A container beside the service's own, which sees the same files and folders. */
function beside(one: InitContainer | Sidecar, { mounts }: Configuration): k8s.Container {
  const { name, image, command, args, env, cpu = '50m', memory = '64Mi' } = one;
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ...filled('command', command),
    ...filled('args', args),
    ...filled('env', variables(env)),
    ...filled('volumeMounts', mounts),
    resources: resources(cpu, memory),
    securityContext: confined,
  };
}

function sidecar(one: Sidecar, port: number, given: Configuration): k8s.Container {
  const { startup, startupSeconds = usualBeforeSeconds } = one;
  return {
    ...beside(one, given),
    restartPolicy: 'Always',
    ...(startup !== undefined && { startupProbe: startupProbe(startup, startupSeconds, port) }),
  };
}

/** The pod of a service that loses nothing. */
export function podSpec(request: PodRequest, image: string, rollout: Rollout, given: Configuration): k8s.PodSpec {
  const { name, port, managementPort, workload } = request;
  // Distroless' nonroot, by number: the kubelet can't tell whether a user that an image names is root.
  const { user = 65532, initContainers = [], sidecars = [] } = workload;
  const { uid, gid } = typeof user === 'number' ? { uid: user, gid: user } : user;
  // Sidecars first, so that an init container can use one.
  const before = [
    ...sidecars.map((one) => sidecar(one, managementPort ?? port ?? 0, given)),
    ...initContainers.map((one) => beside(one, given)),
  ];
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: rollout.terminationGracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: [spread(name, 'topology.kubernetes.io/zone'), spread(name, 'kubernetes.io/hostname')],
    ...filled('initContainers', before),
    containers: [container(request, image, rollout, given)],
    // A new pod counts as available only once the load balancer sends to it, and only then the next old one is stopped.
    ...filled('readinessGates', workload.exposure === 'gateway' ? [{ conditionType: loadBalancerReady }] : []),
    ...filled('volumes', given.volumes),
  };
}
