import path from 'node:path';
import { forecastOfEach, type Inputs, type Range, type RolloutForecast } from '../../forecast/report.ts';
import { type Application, isApplication, isProject, readApplication } from '../embedded/argo-cd/application.ts';
import {
  at,
  type Bounds,
  boundsOf,
  type Fields,
  listAt,
  type Manifest,
  readObjects,
  serviceContainer,
  textAt,
} from './object.ts';

/** What Argo CD applies for one environment: its Application, and what that one's folder holds. */
export interface Rehearsed {
  readonly application: Application;
  /** The rendered objects as they stand. */
  readonly rendered: { readonly application: Manifest; readonly project: Manifest | null };
  readonly deployment: Manifest;
  /** The name of the Service that leads to the Deployment's pods, else the Deployment's. */
  readonly service: string;
  /** What the health check of a load balancer asks a pod; null where it only connects. */
  readonly health: HealthCheck | null;
  /** Whether an HTTPRoute or an Ingress of the folder leads to the Service. */
  readonly isRouted: boolean;
  /** The image repository, without tag and digest. */
  readonly image: string;
  /** How many pods an autoscaler lets the Deployment have; null where it has none. */
  readonly autoscaler: Bounds | null;
}

/** Reads an Application and its folder; null where the folder has no Deployment yet. */
export async function readRehearsed(directory: string, folder: string, name: string): Promise<Rehearsed | null> {
  const objects = await readObjects(path.join(directory, folder));
  const rendered = objects.filter(isApplication).find(({ metadata }) => metadata.name === name);
  if (rendered === undefined) throw new Error(`${folder} has no Application ${name} any more.`);
  const application = readApplication(rendered);
  const manifests = await readObjects(path.join(directory, application.path));
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  if (deployment === undefined) return null;
  const project = objects.filter(isProject).find(({ metadata }) => metadata.name === application.project) ?? null;
  const { service, health } = scopeOf(application.destination.namespace, manifests);
  return {
    application,
    rendered: { application: rendered, project },
    deployment,
    service: service ?? deployment.metadata.name,
    health,
    isRouted: service !== null && isRouted(service, manifests),
    image: repositoryOf(String(serviceContainer(deployment)?.['image'] ?? '')),
    autoscaler: boundsOf(manifests, deployment.metadata.name),
  };
}

/** An image reference without tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/**
 * What is rolled out: the committed settings, the same without their drain, or those of the system that zerodrop replaces. The last two
 * lose requests, and so are what a control is played with.
 */
export type PlayedSettings = 'ours' | ControlSettings;

export type ControlSettings = 'no-drain' | 'original';

/** How long a pod goes on answering once it is to end, in milliseconds: as the variable tells it, or the sleep of its preStop hook. */
export function drainOf(deployment: Manifest, variable: string | null): number {
  const container = serviceContainer(deployment);
  const told = variable === null ? undefined : listAt(container, 'env')?.find(({ name }) => name === variable);
  return told === undefined ? sleepMs(container) : Number(told['value']);
}

function sleepMs(container: Fields | undefined): number {
  return 1_000 * Number(at(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0);
}

/** The numbers of a Deployment that decide what a rollout loses, and what the play adds to them. */
export interface PlayedNumbers {
  /** With an autoscaler, as many as the play begins with: the fewest that it keeps unless said. */
  readonly replicas: number;
  /** Null where the number of pods is fixed. */
  readonly autoscaler: Bounds | null;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly minReadySeconds: number;
  readonly drainMs: number;
  readonly graceSeconds: number;
}

/** Reads them, with every default. The drain is told by whoever knows how, and so are the replicas that an autoscaler decides. */
export function playedNumbers(
  { deployment, autoscaler }: Pick<Rehearsed, 'deployment' | 'autoscaler'>,
  drainMs: number,
  scaled: number | null = null,
): PlayedNumbers {
  const asked = autoscaler === null ? null : (scaled ?? autoscaler.min);
  const { replicas, maxSurge, maxUnavailable } = rolloutNumbers(scaledTo(deployment, asked), 0);
  const minReadySeconds = Number(at(deployment, 'spec', 'minReadySeconds') ?? 0);
  const graceSeconds = Number(at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') ?? 30);
  return { replicas, autoscaler, maxSurge, maxUnavailable, minReadySeconds, drainMs, graceSeconds };
}

/** A Deployment with as many replicas as an autoscaler has set; as it is for null. */
export function scaledTo(deployment: Manifest, replicas: number | null): Manifest {
  return replicas === null ? deployment : { ...deployment, spec: { ...Object(deployment['spec']), replicas } };
}

/** What is told of: the namespace of one environment, and what its manifests call the rest. */
export interface Scope {
  readonly namespace: string;
  readonly deployment: string | null;
  readonly service: string | null;
  /** What an L7 load balancer asks a pod to find out whether it is well; null where it only connects. */
  readonly health: HealthCheck | null;
}

/** A health check by HTTP. */
export interface HealthCheck {
  readonly path: string;
  readonly port: number;
}

/** Finds the Deployment that is rolled out, and the Service that leads to its pods; any Service where there is none to lead to. */
export function scopeOf(namespace: string, manifests: readonly Manifest[]): Scope {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const service = services.find((one) => leadsTo(one, deployment)) ?? services[0];
  return {
    namespace,
    deployment: deployment?.metadata.name ?? null,
    service: service?.metadata.name ?? null,
    health: healthCheckOf(deployment, service, manifests),
  };
}

/** The check of the Service's HealthCheckPolicy; without one Google takes what the readiness probe asks. */
function healthCheckOf(
  deployment: Manifest | undefined,
  service: Manifest | undefined,
  manifests: readonly Manifest[],
): HealthCheck | null {
  const policy = manifests.find(
    ({ kind, spec }) => kind === 'HealthCheckPolicy' && at(spec, 'targetRef', 'name') === service?.metadata.name,
  );
  const container = serviceContainer(deployment);
  const probe = at(container, 'readinessProbe', 'httpGet');
  const asked = at(policy, 'spec', 'default', 'config', 'httpHealthCheck');
  const requestPath = textAt(asked, 'requestPath') ?? textAt(probe, 'path');
  const named = at(asked, 'port') ?? at(probe, 'port');
  const ports = listAt(container, 'ports') ?? [];
  const port = Number(ports.find(({ name }) => name === named)?.['containerPort'] ?? named);
  return requestPath === undefined || !Number.isInteger(port) ? null : { path: requestPath, port };
}

/** Kinds by which an L7 load balancer sends requests to a Service. */
const routes = new Set(['HTTPRoute', 'Ingress']);

/** Whether requests reach the Service through an L7 load balancer, by what the folder holds. */
function isRouted(service: string, manifests: readonly Manifest[]): boolean {
  return manifests.some(({ kind, spec }) => routes.has(kind) && backends(spec).includes(service));
}

/** The names of the Services that a route or an Ingress sends requests to. */
function backends(spec: unknown): readonly unknown[] {
  const routed = (listAt(spec, 'rules') ?? []).flatMap((rule) => [
    ...(listAt(rule, 'backendRefs') ?? []).map(({ name }) => name),
    ...(listAt(rule, 'http', 'paths') ?? []).map((one) => at(one, 'backend', 'service', 'name')),
  ]);
  return [...routed, at(spec, 'defaultBackend', 'service', 'name')];
}

function leadsTo(service: Manifest, deployment: Manifest | undefined): boolean {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const selector = Object.entries(at(service, 'spec', 'selector') ?? {});
  return selector.length > 0 && selector.every(([label, value]) => at(labels, label) === value);
}

/** How a Deployment replaces its pods, with every default. */
export interface RolloutNumbers {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** What the rollout is forecast to do. */
  readonly forecast: Foretold;
  /** Its pods over time by that forecast. */
  readonly picture: RolloutForecast['picture'];
  /** The time within which a rollout is expected to be complete: the most of its forecast, or its deadline where it is to complete never. */
  readonly boundMs: number;
}

/** What of a forecast stands beside what was played, each from the least to the most; null where the rollout is to complete never. */
export type Foretold = Pick<RolloutForecast, 'completeMs' | 'lastOldPodGoneMs' | 'mostPods' | 'fewestReady'>;

/** A container of this machine is a process, whose image nobody pulls. It takes the longer the more of them start at once. */
export const ownMachine = { containerStartMs: [20, 300], imagePullMs: [0, 0] } as const satisfies Partial<Inputs>;
/** What its program takes beyond its start-up to run its first line. */
const bootMs = [50, 1_000] as const;

/** Reads how a Deployment replaces its pods, or those that it had as `was`. Its process needs `startupMs` to its first answer. */
export function rolloutNumbers(
  deployment: Manifest,
  startupMs: number,
  starts: Partial<Inputs> = ownMachine,
  was: Manifest = deployment,
): RolloutNumbers {
  const replicas = Number(at(deployment, 'spec', 'replicas') ?? 1);
  const rolling = at(deployment, 'spec', 'strategy', 'rollingUpdate');
  const maxSurge = podsOf(at(rolling, 'maxSurge') ?? '25%', replicas, Math.ceil);
  const unavailable = podsOf(at(rolling, 'maxUnavailable') ?? '25%', replicas, Math.floor);
  // Kubernetes lets one pod go where nothing else would move.
  const maxUnavailable = maxSurge + unavailable === 0 ? 1 : unavailable;
  const inputs = { ...starts, startupMs: [startupMs + bootMs[0], startupMs + bootMs[1]] as const };
  const [before, after] = [was, deployment].map((one) => new Map([['deployment.json', JSON.stringify(one)]]));
  const found = forecastOfEach(after ?? new Map(), inputs, before)[0]?.rollouts[0];
  const {
    completeMs = null,
    lastOldPodGoneMs = null,
    mostPods = never,
    fewestReady = never,
    picture = [],
  } = found ?? {};
  const deadlineMs = 1_000 * Number(at(deployment, 'spec', 'progressDeadlineSeconds') ?? 600);
  const forecast = { completeMs, lastOldPodGoneMs, mostPods, fewestReady };
  return { replicas, maxSurge, maxUnavailable, forecast, picture, boundMs: Math.round(completeMs?.[1] ?? deadlineMs) };
}

const never: Range = [0, 0];

/** The longest that a pod may take to its first answer and be let live by its startup probe, in milliseconds; 0 without such a probe. */
export function slowestStartMs(deployment: unknown): number {
  const probe = at(serviceContainer(deployment), 'startupProbe');
  if (probe === undefined) return 0;
  const tries = Number(at(probe, 'failureThreshold') ?? 3) - 2;
  const tried = Number(at(probe, 'periodSeconds') ?? 10) * Math.max(0, tries);
  return 1_000 * (Number(at(probe, 'initialDelaySeconds') ?? 0) + tried);
}

function podsOf(value: unknown, replicas: number, round: (pods: number) => number): number {
  return typeof value === 'string' ? round((Number.parseFloat(value) / 100) * replicas) : Number(value);
}
