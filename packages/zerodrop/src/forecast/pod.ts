import { isDeepStrictEqual } from 'node:util';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IProbe } from 'kubernetes-models/v1/Probe';
import { counted } from '../guard/model/comparison.ts';
import type { Folder } from '../guard/model/folder.ts';
import { type Field, isRecord, quantity } from '../guard/model/object.ts';
import { budgetsOf, podCount, scalerOf } from '../guard/model/scaling.ts';
import { drainsByVariable, drainSeconds } from '../guard/model/shutdown.ts';
import type { Workload } from '../guard/model/workload.ts';
import { missingPods, shareOf } from '../guard/rules/workloads/rollout.ts';
import type { ContainerPlan, Inputs, PodPlan, ProbePlan } from './life.ts';
import type { Strategy } from './rollout.ts';
import { forecastPlan, type RolloutForecast } from './workload.ts';

/** Forecasts the rollout from one state of a workload to another, for each number of pods that it may have; `before` is null for a new one. */
export function forecastRollout(
  before: { readonly workload: Workload; readonly folder: Folder } | null,
  { workload, folder }: { readonly workload: Workload; readonly folder: Folder },
  inputs: Inputs,
): readonly RolloutForecast[] {
  const next = planOf(workload, folder);
  const old = before === null ? next : planOf(before.workload, before.folder);
  const isServed = folder.receivesRequests(workload);
  return countsOf(before, { workload, folder }, inputs).map(([was, is]) => {
    const plan = { strategy: strategyOf(workload, is), before: was, after: is, old, next };
    // Of pods that are not there nobody gets an answer: a rollout takes none away. Of a new workload the caller knows.
    const isRated = isServed && (was > 0 || before === null);
    return forecastPlan(plan, { ...inputs, rate: isRated ? inputs.rate : 0 }, deadlineMs(workload));
  });
}

/** How many pods there are before and after. Where an autoscaler decides, its fewest and its most. */
function countsOf(
  before: { readonly workload: Workload; readonly folder: Folder } | null,
  { workload, folder }: { readonly workload: Workload; readonly folder: Folder },
  { nodes }: Inputs,
): readonly (readonly [number, number])[] {
  if (workload.kind === 'DaemonSet') return [[before === null ? 0 : nodes, nodes]];
  const is = podCount(folder, workload);
  if (before === null)
    return distinct([
      [0, is.least],
      [0, is.most],
    ]);
  const was = podCount(before.folder, before.workload);
  const isScaled = scalerOf(folder, workload) !== undefined || scalerOf(before.folder, before.workload) !== undefined;
  // What an autoscaler has made of it stays through the rollout.
  return isScaled
    ? distinct([
        [is.least, is.least],
        [is.most, is.most],
      ])
    : [[was.least, is.least]];
}

/** Each once, and none of an autoscaler that has scaled to nothing: there is nothing to roll then. */
function distinct(counts: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  return counts.filter(([, is], index) => counts.findIndex(([, other]) => other === is) === index && is > 0);
}

function deadlineMs({ object }: Workload): number {
  return object.is('apps/Deployment')
    ? 1_000 * (object.field('spec', 'progressDeadlineSeconds').number ?? 600)
    : Infinity;
}

/** Reads the plan. A preStop hook of unknown length counts as none. */
function planOf(workload: Workload, folder: Folder): PodPlan {
  const { pod, object } = workload;
  const graceMs = 1_000 * (pod.at('terminationGracePeriodSeconds').number ?? 30);
  const initContainers = pod
    .at('initContainers')
    .items()
    .filter((container) => container.at('restartPolicy').value !== 'Always').length;
  // Containers with a port receive the requests: one of the others that ends early takes none with it.
  const serving = workload.containers.filter((container) => container.at('ports').items().length > 0);
  const drains = (serving.length > 0 ? serving : workload.containers).map(
    (container) => drainSeconds(container, folder) ?? 0,
  );
  return {
    containers: workload.containers.map(containerPlan),
    initContainers,
    minReadyMs: 1_000 * (object.field('spec', 'minReadySeconds').number ?? 0),
    graceMs,
    openMs: Math.min(graceMs, 1_000 * Math.min(graceMs, ...drains)),
    announces: workload.containers.some(drainsByVariable),
    cpu: requestOf(workload, 'cpu'),
    memory: requestOf(workload, 'memory'),
  };
}

function containerPlan(container: Field<IContainer>): ContainerPlan {
  return {
    startup: probePlan(container.at('startupProbe')),
    readiness: probePlan(container.at('readinessProbe')),
    liveness: probePlan(container.at('livenessProbe')),
  };
}

function probePlan(probe: Field<IProbe | undefined>): ProbePlan | null {
  if (!probe.isSet) return null;
  return {
    delayMs: 1_000 * (probe.loose('initialDelaySeconds').number ?? 0),
    periodMs: 1_000 * (probe.loose('periodSeconds').number ?? 10),
    failures: probe.loose('failureThreshold').number ?? 3,
    successes: probe.loose('successThreshold').number ?? 1,
  };
}

/**
 * What a pod requests: its containers and native sidecars together, or an init container with the sidecars that are started before it
 * (kubernetes/pkg/api/v1/resource/helpers.go, `PodRequests`).
 */
function requestOf({ pod, containers }: Workload, name: 'cpu' | 'memory'): number {
  const ofContainer = (container: Field<IContainer>): number => {
    const { requests, limits } = {
      requests: container.at('resources').loose('requests', name),
      limits: container.at('resources').loose('limits', name),
    };
    return quantity(requests.value ?? limits.value) ?? 0;
  };
  let most = containers.reduce((sum, container) => sum + ofContainer(container), 0);
  let beside = 0;
  for (const container of pod.at('initContainers').items()) {
    most = Math.max(most, beside + ofContainer(container));
    if (container.at('restartPolicy').value === 'Always') beside += ofContainer(container);
  }
  return most + (quantity(pod.at('overhead').loose(name).value) ?? 0);
}

/** How a workload replaces its pods, with every default (kubernetes/pkg/apis/apps/v1/defaults.go). */
function strategyOf({ object }: Workload, replicas: number): Strategy {
  const deployment = object.as('apps/Deployment')?.at('spec', 'strategy');
  if (deployment?.at('type').value === 'Recreate') return { kind: 'recreate' };
  const set = object.as('apps/StatefulSet');
  const daemon = object.as('apps/DaemonSet')?.at('spec', 'updateStrategy', 'rollingUpdate');
  if (set !== null) {
    const update = set.at('spec', 'updateStrategy', 'rollingUpdate');
    return {
      kind: 'ordinals',
      unavailable: Math.max(1, podsOf(update.loose('maxUnavailable').value ?? 1, replicas, Math.floor)),
      partition: Math.min(replicas, update.loose('partition').number ?? 0),
      parallel: set.at('spec', 'podManagementPolicy').value === 'Parallel',
    };
  }
  if (daemon !== undefined) {
    const surge = podsOf(daemon.loose('maxSurge').value ?? 0, replicas, Math.ceil);
    return {
      kind: 'nodes',
      surge,
      unavailable: Math.max(1, podsOf(daemon.loose('maxUnavailable').value ?? 1, replicas, Math.ceil)),
    };
  }
  const [surge, unavailable] = [
    deployment?.at('rollingUpdate', 'maxSurge'),
    deployment?.at('rollingUpdate', 'maxUnavailable'),
  ];
  const [more, less] = [surge, unavailable].map((field) => (field === undefined ? '25%' : shareOf(field)));
  return {
    kind: 'rolling',
    surge: podsOf(more, replicas, Math.ceil),
    unavailable: missingPods(more ?? '25%', less ?? '25%', replicas),
  };
}

function podsOf(value: unknown, replicas: number, round: (pods: number) => number): number {
  if (typeof value === 'number') return value;
  const share = Number.parseFloat(String(value));
  return Number.isNaN(share) ? 0 : round((share * replicas) / 100);
}

/** True where the pods of a workload are replaced, by what their template becomes. */
export function isRolled(was: Workload, is: Workload): boolean {
  return !isDeepStrictEqual(plain(was.template.value, ''), plain(is.template.value, ''));
}

/** What Kubernetes sets where a pod template says nothing (kubernetes/pkg/apis/core/v1/defaults.go): to write it changes no pod. */
const defaults: Readonly<Record<string, unknown>> = {
  creationTimestamp: null,
  defaultMode: 420,
  dnsPolicy: 'ClusterFirst',
  failureThreshold: 3,
  periodSeconds: 10,
  protocol: 'TCP',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  scheme: 'HTTP',
  successThreshold: 1,
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  timeoutSeconds: 1,
};

/** A template without what makes no difference to a pod: defaults, empty maps, and how a quantity is written. */
function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, key));
  if (!isRecord(value)) return value;
  const isFree = key === 'labels' || key === 'annotations' || key === 'matchLabels';
  const isAmount = key === 'requests' || key === 'limits';
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (
        inner === null ||
        inner === undefined ||
        (!isFree && Object.hasOwn(defaults, name) && defaults[name] === inner)
      )
        return [];
      if (isAmount) return [[name, quantity(inner) ?? inner]];
      const kept = plain(inner, name);
      // An emptyDir is empty and says which volume it is.
      return isRecord(kept) && Object.keys(kept).length === 0 && name !== 'emptyDir' ? [] : [[name, kept]];
    }),
  );
}

/** What each budget of a workload lets nodes that are drained take away while it rolls out. */
export function budgetsDuring(
  workload: Workload,
  folder: Folder,
  rollouts: readonly RolloutForecast[],
): readonly string[] {
  const fewest = rollouts[0];
  if (fewest === undefined) return [];
  return budgetsOf(folder, workload).map((budget) => {
    const allowed = Math.max(0, fewest.fewestReady[0] - keptBy(budget, fewest.replicas));
    const lets = allowed === 0 ? 'no pod be evicted' : `${counted(allowed, 'pod')} be evicted`;
    return `${budget.object.title} lets ${lets} while the rollout has its fewest pods ready.`;
  });
}

/** How many pods a budget keeps healthy; a share is rounded up (kubernetes/pkg/controller/disruption/disruption.go). */
function keptBy(
  budget: Field<{ spec?: { maxUnavailable?: unknown; minAvailable?: unknown } }>,
  replicas: number,
): number {
  const pods = (value: unknown): number =>
    typeof value === 'number' ? value : Math.ceil((Number.parseFloat(String(value)) * replicas) / 100) || 0;
  const unavailable = budget.loose('spec', 'maxUnavailable').value;
  return unavailable === undefined
    ? pods(budget.loose('spec', 'minAvailable').value ?? 0)
    : replicas - pods(unavailable);
}
