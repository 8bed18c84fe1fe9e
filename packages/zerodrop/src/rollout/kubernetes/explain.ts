import type { Observation } from '../watch.ts';
import { type Cluster, read } from './api.ts';
import type { Watched } from './api.ts';
import { eventsPath, type Followed, milliseconds, podsPath } from './objects.ts';
import { containersOf, type ContainerStatus, hasFailed, isOver, type Pod, podState } from './pods.ts';

/** The part of an Event that is read. */
export interface ClusterEvent extends Watched {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

/** A warning as a timeline shows it. */
export function warningObservation(event: ClusterEvent): Extract<Observation, { kind: 'warning' }> {
  const { kind, name } = event.involvedObject;
  return {
    kind: 'warning',
    object: `${kind ?? 'Object'} ${name ?? ''}`.trim(),
    reason: event.reason ?? 'Unknown',
    message: (event.message ?? '').trim(),
  };
}

/**
 * The newest events about these objects, oldest first.
 *
 * @param since in milliseconds since the epoch by the cluster's clock
 */
export function latest(
  events: readonly ClusterEvent[],
  about: ReadonlySet<string>,
  since: number,
  most: number,
): ClusterEvent[] {
  return events
    .filter((event) => about.has(event.involvedObject.name ?? '') && when(event) >= since)
    .toSorted((a, b) => when(a) - when(b))
    .slice(-most);
}

/** Older reporters write lastTimestamp, newer ones eventTime, and the time of the last repetition into the series. */
function when({ lastTimestamp, eventTime, series }: ClusterEvent): number {
  return milliseconds(series?.lastObservedTime ?? lastTimestamp ?? eventTime) ?? 0;
}

const mostEvents = 5;
const mostLines = 10;

/** What a failure is about. */
export interface Explained {
  /** The ReplicaSet of the rollout: pods of another one fail for reasons of their own. Null for pods of any. */
  readonly replicaSet: string | null;
  /** Since when, in milliseconds since the epoch by the cluster's clock: warnings of before explain nothing. */
  readonly since: number;
}

const anything: Explained = { replicaSet: null, since: -Infinity };

/**
 * The last words of the pod that fails, or of the one that is furthest from ready: why it waits, its last events and log
 * lines. Where none fails, also why the last one that is over was refused or evicted. Empty where nothing fails. Never throws: it
 * explains a failure, and must not hide it behind another.
 */
export async function explain(
  cluster: Cluster,
  { namespace, deployment }: Followed,
  { replicaSet, since }: Explained = anything,
): Promise<string> {
  if (deployment === null) return '';
  try {
    const [pods, events] = await Promise.all([
      read<{ items: readonly Pod[] }>(cluster, podsPath(namespace), { labelSelector: deployment.selector }),
      read<{ items: readonly ClusterEvent[] }>(cluster, eventsPath(namespace)),
    ]);
    const meant = pods.items.filter((one) => replicaSet === null || owners(one).includes(replicaSet));
    const pod = worst(meant);
    const over = pod !== undefined && podState(pod) === 'failed' ? undefined : lastOver(meant);
    const asked = [over, pod].filter((one) => one !== undefined);
    const about = new Set([
      deployment.name,
      ...(replicaSet === null ? [] : [replicaSet]),
      ...asked.flatMap((one) => [one.metadata.name, ...owners(one)]),
    ]);
    // What went well before explains nothing, and would push a warning off the end.
    const warnings = latest(events.items.filter(isWarning), about, since, mostEvents);
    const words = lastWords(pod ?? null, warnings, pod === undefined ? [] : await logLines(cluster, namespace, pod));
    return [...(over === undefined ? [] : [overWords(over)]), words].filter((part) => part !== '').join('\n');
  } catch (error) {
    return `The cluster could not be asked why: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The pod to ask: one that fails, else one that is not ready; of several the one made last. */
export function worst(pods: readonly Pod[]): Pod | undefined {
  const order = ['failed', 'starting', 'pending'];
  return pods
    .filter((pod) => !isOver(pod) && order.includes(podState(pod)))
    .toSorted((a, b) => order.indexOf(podState(a)) - order.indexOf(podState(b)) || madeLater(a, b))[0];
}

function lastOver(pods: readonly Pod[]): Pod | undefined {
  return pods.filter(isOver).toSorted(madeLater)[0];
}

function madeLater(a: Pod, b: Pod): number {
  return (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
}

function owners({ metadata }: Pod): string[] {
  return (metadata.ownerReferences ?? []).map(({ name }) => name);
}

function isWarning({ type }: ClusterEvent): boolean {
  return type === 'Warning';
}

async function logLines(cluster: Cluster, namespace: string, pod: Pod): Promise<string[]> {
  const containers = containersOf(pod);
  const container = containers.find(hasFailed) ?? containers[0];
  if (container === undefined) return [];
  const { body } = await cluster
    .request({
      method: 'GET',
      path: `${podsPath(namespace)}/${pod.metadata.name}/log`,
      query: { container: container.name, tailLines: String(mostLines), ...ofWhichRun(container) },
    })
    // A container that never ran has no log, and says so with an error.
    .catch(() => ({ body: '' }));
  return body.trimEnd() === '' ? [] : body.trimEnd().split('\n');
}

/** While it runs once more, the words that matter are those of the run that crashed. */
function ofWhichRun({ state, restartCount }: ContainerStatus): Record<string, string> {
  return restartCount > 0 && state?.running !== undefined ? { previous: 'true' } : {};
}

const longestLine = 300;

/** What a pod, its events and its log say, as indented lines below a failure's sentence. Empty where they say nothing. */
export function lastWords(pod: Pod | null, events: readonly ClusterEvent[], log: readonly string[]): string {
  return [
    ...(pod === null ? [] : waits(pod)),
    ...events.map(eventLine),
    ...(log.length === 0
      ? []
      : [`Last lines of ${pod?.metadata.name ?? 'its log'}:`, ...log.map((line) => `  ${logLine(line)}`)]),
  ].join('\n');
}

/** Why a pod is over. */
function overWords({ metadata, status }: Pod): string {
  return [`Pod ${metadata.name}`, status?.reason ?? 'Failed', status?.message ?? '']
    .filter((part) => part !== '')
    .join(': ');
}

function waits(pod: Pod): string[] {
  const { metadata } = pod;
  return containersOf(pod)
    .filter(hasFailed)
    .map(({ name, state, restartCount }) => {
      const { reason = 'unknown', message = '' } = state?.waiting ?? {};
      const restarts =
        restartCount === 0 ? '' : ` after ${restartCount} ${restartCount === 1 ? 'restart' : 'restarts'}`;
      return `Pod ${metadata.name}, container ${name}: ${reason}${restarts}${message === '' ? '' : `: ${message}`}`;
    });
}

function eventLine({ type, reason, message, involvedObject, count, series }: ClusterEvent): string {
  const times = count ?? series?.count ?? 1;
  const often = times > 1 ? ` (${times} times)` : '';
  return `${type ?? 'Normal'} ${reason ?? ''}${often} on ${involvedObject.kind ?? 'object'} ${involvedObject.name ?? ''}: ${(message ?? '').trim()}`;
}

/** Where loggers of JSON write what they say, and what went wrong. */
const messageFields = ['msg', 'message', 'event', 'log'];
const errorFields = ['err', 'error', 'exception'];

/** A line of a log as a person reads it: of a line of JSON its message and its error, without the stack. */
export function logLine(line: string): string {
  const entry = parsed(line.trim());
  const said = [textOf(entry, messageFields), textOf(entry, errorFields)].filter((part) => part !== null);
  const words = said.length === 0 ? line : said.join(': ');
  return words.length <= longestLine ? words : `${words.slice(0, longestLine)}...`;
}

function parsed(line: string): object | null {
  if (!line.startsWith('{')) return null;
  try {
    return Object(JSON.parse(line));
  } catch {
    return null;
  }
}

function textOf(entry: object | null, fields: readonly string[]): string | null {
  const found = Object.entries(entry ?? {}).find(([name]) => fields.includes(name))?.[1] as unknown;
  if (typeof found === 'object' && found !== null) return textOf(found, messageFields);
  return typeof found === 'string' && found !== '' ? found.trim() : null;
}
