import path from 'node:path';
import { isApplication, isProject } from '../embedded/argo-cd/application.ts';
import {
  at,
  changeFolder,
  clearFolder,
  copyFolder,
  type Fields,
  isFields,
  isLeftOut,
  listAt,
  type Manifest,
  serviceContainer,
} from './object.ts';
import { drainOf, type PlayedSettings, type Rehearsed } from './rehearsed.ts';

/** What of the committed manifests is another in a play. */
export interface Changes {
  readonly settings: PlayedSettings;
  readonly replicas: number | null;
  readonly drainMs: number | null;
  /** See Repository. */
  readonly drainVariable: string | null;
  readonly expose: 'node-port' | 'load-balancer' | null;
  /** The namespace that stands in the place of the committed one; null to keep it. */
  readonly namespace: { readonly from: string; readonly to: string } | null;
}

/**
 * How the system that zerodrop replaces rolled out: one liveness probe, one pod taken away before its successor answers, and
 * no drain. See docs/concepts/from-the-original.md. What it loses is the proof that a rehearsal can see a loss.
 */
const originalSpec = {
  minReadySeconds: 0,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
};

/** An object as a play has it; null where it has no part in it. */
export function changed(object: Manifest, changes: Changes): Manifest | null {
  const placed = changes.namespace === null ? object : inNamespace(object, changes.namespace);
  if (placed.kind === 'Deployment') return changedDeployment(placed, changes);
  if (changes.expose === null) return placed;
  if (placed.kind === 'Service') return exposed(placed, changes.expose);
  return isLeftOut(placed) ? null : placed;
}

/** A Deployment whose service's container runs this image. */
export function withImage(deployment: Manifest, image: string): Manifest {
  return withContainer(deployment, (container) => ({ ...container, image }));
}

function changedDeployment(deployment: Manifest, changes: Changes): Manifest {
  const { settings, replicas, drainVariable } = changes;
  const ungated = withoutBalancerGates(deployment);
  const scaled = replicas === null ? ungated : withSpec(ungated, { replicas });
  if (settings !== 'original') {
    const drainMs = settings === 'no-drain' ? 0 : changes.drainMs;
    return drainMs === null ? scaled : withDrain(scaled, drainMs, drainVariable);
  }
  const bare = withContainer(withSpec(scaled, originalSpec), livenessOnly);
  return withDrain(bare, 0, drainVariable);
}

/** Without the conditions that only a cloud's load balancer sets: a pod of a play would wait for them for ever. */
function withoutBalancerGates(deployment: Manifest): Manifest {
  const gates = listAt(deployment, 'spec', 'template', 'spec', 'readinessGates');
  if (gates === undefined) return deployment;
  return withPod(deployment, {
    readinessGates: gates.filter(({ conditionType }) => !/load-balancer|elbv2/.test(String(conditionType))),
  });
}

/** Without a startup probe, liveness has to wait out the slowest start by itself. */
function livenessOnly(probed: Fields): Fields {
  const { readinessProbe: _, startupProbe: startup, ...container } = probed;
  const slowest = Number(at(startup, 'periodSeconds') ?? 10) * Number(at(startup, 'failureThreshold') ?? 3);
  const liveness = container['livenessProbe'];
  if (!isFields(startup) || !isFields(liveness)) return container;
  return { ...container, livenessProbe: { initialDelaySeconds: slowest, ...liveness } };
}

/** The drain is told by a variable, or else a preStop hook sleeps for so long. The grace period grows or shrinks with it. */
function withDrain(deployment: Manifest, drainMs: number, variable: string | null): Manifest {
  const container = serviceContainer(deployment);
  const env = listAt(container, 'env') ?? [];
  const told = variable === null ? undefined : env.find(({ name }) => name === variable);
  const committedMs = drainOf(deployment, variable);
  const drained = withContainer(deployment, (one) =>
    told === undefined
      ? withSleep(one, drainMs)
      : { ...one, env: env.map((each) => (each === told ? { ...each, value: String(drainMs) } : each)) },
  );
  const pod = at(drained, 'spec', 'template', 'spec');
  const grace = Number(at(pod, 'terminationGracePeriodSeconds') ?? 30);
  const terminationGracePeriodSeconds = Math.max(1, grace + Math.ceil((drainMs - committedMs) / 1_000));
  return withPod(drained, { terminationGracePeriodSeconds });
}

function withSleep({ lifecycle, ...container }: Fields, drainMs: number): Fields {
  const { preStop: _, ...others } = isFields(lifecycle) ? lifecycle : {};
  if (drainMs === 0) return Object.keys(others).length === 0 ? container : { ...container, lifecycle: others };
  return { ...container, lifecycle: { ...others, preStop: { sleep: { seconds: Math.ceil(drainMs / 1_000) } } } };
}

/** What belongs to the load balancer of the Service that is committed: a play has another one, and sends to it from anywhere. */
const ofItsBalancer = new Set([
  'loadBalancerClass',
  'loadBalancerIP',
  'loadBalancerSourceRanges',
  'networking.gke.io/load-balancer-ip-addresses',
]);

function withoutBalancer(fields: unknown): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !ofItsBalancer.has(name)));
}

function exposed(committed: Manifest, expose: 'node-port' | 'load-balancer'): Manifest {
  const { annotations, ...metadata } = committed.metadata;
  const notes = withoutBalancer(annotations) as Readonly<Record<string, string>>;
  const service = {
    ...committed,
    metadata: { ...metadata, ...(Object.keys(notes).length > 0 && { annotations: notes }) },
  };
  const spec = withoutBalancer(committed['spec']);
  if (expose === 'load-balancer') return { ...service, spec: { ...spec, type: 'LoadBalancer' } };
  // Local keeps a node without pods out of a load balancer. A node port has nobody who looks away from such a node.
  const { externalTrafficPolicy: _, ...kept } = spec;
  return { ...service, spec: { ...kept, type: 'NodePort' } };
}

/** An object in another namespace, and with it all that it names in there. */
export function inNamespace<T extends Manifest>(object: T, { from, to }: { from: string; to: string }): T {
  const moved = movedFields(object, from, to) as T;
  return moved.kind === 'Namespace' ? { ...moved, metadata: { ...moved.metadata, name: to } } : moved;
}

const namespaceFields = new Set(['namespace', 'kubernetes.io/metadata.name']);

function movedFields(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => movedFields(item, from, to));
  if (!isFields(value)) return value;
  const isNamespace = value['kind'] === 'Namespace';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (inner === from && (namespaceFields.has(name) || (isNamespace && name === 'name'))) return [name, to];
      return [name, movedFields(inner, from, to)];
    }),
  );
}

/** An object with these fields of its spec. */
export function withSpec(object: Manifest, fields: Fields): Manifest {
  return { ...object, spec: { ...(isFields(object['spec']) ? object['spec'] : {}), ...fields } };
}

function withPod(deployment: Manifest, fields: Fields): Manifest {
  const template = at(deployment, 'spec', 'template');
  const pod = at(template, 'spec');
  return withSpec(deployment, {
    template: { ...(isFields(template) ? template : {}), spec: { ...(isFields(pod) ? pod : {}), ...fields } },
  });
}

function withContainer(deployment: Manifest, change: (container: Fields) => Fields): Manifest {
  const containers = listAt(deployment, 'spec', 'template', 'spec', 'containers') ?? [];
  const meant = serviceContainer(deployment);
  return withPod(deployment, { containers: containers.map((one) => (one === meant ? change(one) : one)) });
}

/** Writes the manifests of a clone as a play has them: one Application that follows `repository`, its project, and its changed folder. */
export async function writeChanges(
  directory: string,
  folder: string,
  { application, autoscaler }: Rehearsed,
  repository: string,
  changes: Changes,
): Promise<void> {
  const namespace = changes.namespace?.to ?? application.destination.namespace;
  await changeFolder(path.join(directory, folder), (object) => {
    const moved = changes.namespace === null ? object : inNamespace(object, changes.namespace);
    if (isProject(moved)) return ownProject(moved, namespace, repository);
    if (!isApplication(moved)) return moved;
    return moved.metadata.name === application.name ? following(moved, repository) : null;
  });
  const manifests = path.join(directory, application.path);
  // An autoscaler keeps a number that git says nothing of: it is scaled by the play.
  const replicas = autoscaler === null ? changes.replicas : null;
  await changeFolder(manifests, (object) => changed(object, { ...changes, replicas }));
}

/** Puts the manifests of another side in the place of those of a clone: the folder of its Application, and Argo CD's objects. */
export async function takeManifests(
  directory: string,
  own: Rehearsed,
  other: { readonly directory: string; readonly rehearsed: Rehearsed },
  applications: string,
): Promise<void> {
  for (const folder of [own.application.path, applications]) await clearFolder(path.join(directory, folder));
  for (const folder of [other.rehearsed.application.path, applications])
    await copyFolder(path.join(other.directory, folder), path.join(directory, folder));
}

/** Changes the Deployment of a clone. */
export async function changeDeployment(
  directory: string,
  { application, deployment }: Rehearsed,
  change: (deployment: Manifest) => Manifest,
): Promise<void> {
  await changeFolder(path.join(directory, application.path), (object) =>
    object.kind === 'Deployment' && object.metadata.name === deployment.metadata.name ? change(object) : object,
  );
}

/** A Deployment whose pods have another template and run the same: an annotation of a play's own. */
export function withNote(deployment: Manifest, note: string): Manifest {
  const template = at(deployment, 'spec', 'template');
  const metadata = at(template, 'metadata');
  const annotations = { ...Object(at(metadata, 'annotations')), 'zerodrop/rehearsed': note };
  return withSpec(deployment, {
    template: { ...Object(template), metadata: { ...Object(metadata), annotations } },
  });
}

function following(application: Manifest, repository: string): Manifest {
  const source = at(application, 'spec', 'source');
  return withSpec(application, {
    source: { ...(isFields(source) ? source : {}), repoURL: repository, targetRevision: 'main' },
  });
}

/** A project that permits one repository and one namespace, and of these what it permitted before. */
function ownProject(project: Manifest, namespace: string, repository: string): Manifest {
  const isOwn = (entry: Fields): boolean => entry['namespace'] === namespace;
  const accounts = listAt(project, 'spec', 'destinationServiceAccounts');
  const kinds = listAt(project, 'spec', 'clusterResourceWhitelist');
  return withSpec(project, {
    sourceRepos: [repository],
    destinations: (listAt(project, 'spec', 'destinations') ?? []).filter(
      (entry) => isOwn(entry) || String(entry['namespace']).includes('*'),
    ),
    ...(accounts === undefined ? {} : { destinationServiceAccounts: accounts.filter(isOwn) }),
    ...(kinds === undefined ? {} : { clusterResourceWhitelist: kinds.filter((kind) => isOwnKind(kind, namespace)) }),
  });
}

function isOwnKind({ kind, name }: Fields, namespace: string): boolean {
  return kind !== 'Namespace' || name === undefined || name === namespace || String(name).includes('*');
}
