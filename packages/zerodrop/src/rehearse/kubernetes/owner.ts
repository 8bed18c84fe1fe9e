import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type Cluster, isNotFound, isUnanswered, read } from '../../rollout/kubernetes/api.ts';
import { type Application, applicationsPath, podsPath } from '../../rollout/kubernetes/objects.ts';

/** Who owns a play's objects, so that a later run knows what was left behind: `user@machine`, and the process there. */
export interface Owner {
  readonly place: string;
  readonly processId: number;
}

/** The part of an object that says whose it is. */
export interface Owned {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** Marks what a rehearsal has made: it is no environment, and nobody is told of it. */
export const rehearsalLabel = 'zerodrop/rehearsal';

const ownerAnnotation = 'zerodrop/rehearsed-by';

/** This process as an owner. */
export function thisProcess(): Owner {
  return { place: `${userName()}@${hostname()}`, processId: process.pid };
}

/** Metadata that says whose the object is. */
export function marked<T extends object>(metadata: T & Marks, { place, processId }: Owner): T & Marks {
  return {
    ...metadata,
    labels: { ...metadata.labels, [rehearsalLabel]: 'true' },
    annotations: { ...metadata.annotations, [ownerAnnotation]: `${place}/${processId}` },
  };
}

/** The names among these whose process was at `place` and is gone. Those of other machines are theirs to judge. */
export function staleNames(
  objects: readonly Owned[],
  place: string,
  isAlive: (processId: number) => boolean,
): string[] {
  return objects.flatMap(({ metadata }) => {
    const [owner, processId] = metadata.annotations?.[ownerAnnotation]?.split('/') ?? [];
    return owner === place && /^\d+$/.test(processId ?? '') && !isAlive(Number(processId)) ? [metadata.name] : [];
  });
}

interface Marks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user need not have a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** The names of one play's own objects, which no other play and no real environment has. */
export interface Names {
  /** Of the namespace, the Application, its AppProject and the branch in an existing repository. */
  readonly own: string;
  /** Tells this play's image tags from those of others. */
  readonly suffix: string;
}

/** Named after the service, so that whoever meets one in a cluster knows what it is. */
export function playNames(service: string, suffix: string): Names {
  return { own: `${service}-rehearsal-${suffix}`, suffix };
}

/** Six letters and digits. */
export function randomSuffix(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)] ?? 'a').join('');
}

const operationEndsWithinMs = 20_000;
/** A namespace waits for its load balancer, which takes its provider minutes to delete. */
const goneWithinMs = 300_000;

/**
 * Takes everything of one play out of the cluster, however far it had come. First the Application, without cascade, so that
 * nobody restores what goes; then the namespace; the AppProject last, because it says that there is something left.
 */
export async function takeDown(cluster: Cluster, own: string, keepNamespace: boolean): Promise<void> {
  try {
    await stopFollowing(cluster, own);
    if (!keepNamespace) await removeNamespace(cluster, own);
    await remove(cluster, `${projectsPath(argoNamespace)}/${own}`);
  } catch (cause) {
    throw new Error(
      `The rehearsal's objects are not all gone. ${words(cause)} Remove them by:\n${byHand(cluster.context, own)}`,
      {
        cause,
      },
    );
  }
}

/** The commands that do the same by hand. */
function byHand(context: string, own: string): string {
  const argo = `kubectl --context ${context} --namespace ${argoNamespace} delete --ignore-not-found`;
  return [`  ${argo} application ${own}`, `  ${namespaceByHand(context, own)}`, `  ${argo} appproject ${own}`].join(
    '\n',
  );
}

/** The command that takes a kept namespace away. */
export function namespaceByHand(context: string, own: string): string {
  return `kubectl --context ${context} delete --ignore-not-found namespace ${own}`;
}

async function stopFollowing(cluster: Cluster, own: string): Promise<void> {
  const path = `${applicationsPath(argoNamespace)}/${own}`;
  // A sync that runs goes on without its Application, and would make the namespace again after us.
  await merge(cluster, path, { operation: null, spec: { syncPolicy: null } });
  if (!(await settled(cluster, path, hasNoOperation, operationEndsWithinMs))) {
    await merge(cluster, path, { status: { operationState: { phase: 'Terminating' } } });
    await settled(cluster, path, hasNoOperation, operationEndsWithinMs);
  }
  await remove(cluster, path);
  await insist(gone(cluster, path, goneWithinMs), `Application ${own} is still there.`);
}

async function removeNamespace(cluster: Cluster, own: string): Promise<void> {
  const path = namespacePath(own);
  await remove(cluster, path);
  // Nobody sends them requests any more: without this the namespace waits for the slowest drain.
  await remove(cluster, podsPath(own), { gracePeriodSeconds: 1 });
  await insist(gone(cluster, path, goneWithinMs), `Namespace ${own} is still there.`);
}

function hasNoOperation(application: unknown): boolean {
  const { operation, status } = application as Application;
  const phase = status?.operationState?.phase;
  return operation === undefined && phase !== 'Running' && phase !== 'Terminating';
}

async function insist(done: Promise<boolean>, otherwise: string): Promise<void> {
  if (!(await done)) throw new Error(otherwise);
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Takes down what runs on this machine left behind that were killed before they could. Returns their names. */
export async function removeStalePlays(
  cluster: Cluster,
  place: string,
  isAlive: (processId: number) => boolean,
): Promise<string[]> {
  const { items } = await read<{ items: readonly Owned[] }>(cluster, projectsPath(argoNamespace), {
    labelSelector: rehearsalLabel,
  });
  const stale = staleNames(items, place, isAlive);
  for (const own of stale) await takeDown(cluster, own, false);
  return stale;
}

/** Where Argo CD keeps its Applications and projects. */
export const argoNamespace = 'argocd';

/** Where the Kubernetes API keeps the objects that a play makes and takes away, beyond those that it follows. */

export const projectsPath = (namespace: string): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects`;
export const namespacePath = (name: string): string => `/api/v1/namespaces/${name}`;

/** Creates an object in a collection; a field that the API server does not know is an error and not a warning. */
export async function create(cluster: Cluster, path: string, object: object): Promise<void> {
  await cluster.request({ method: 'POST', path, query: { fieldValidation: 'Strict' }, body: JSON.stringify(object) });
}

/** Deletes an object, or a whole collection. What is not there is deleted. */
export async function remove(cluster: Cluster, path: string, options: object = {}): Promise<void> {
  await patiently(async () => cluster.request({ method: 'DELETE', path, body: JSON.stringify(options) }));
}

/** Merges into an object. What is not there needs no change. */
export async function merge(cluster: Cluster, path: string, change: object): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await patiently(async () => cluster.request({ method: 'PATCH', path, contentType, body: JSON.stringify(change) }));
}

/** Waits until an object is as wanted, or is not there. Returns false where it is neither in time. */
async function settled(
  cluster: Cluster,
  path: string,
  wanted: (object: unknown) => boolean,
  withinMs: number,
): Promise<boolean> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const answer = await patiently(async () => cluster.request({ method: 'GET', path }));
    if (answer === null || wanted(JSON.parse(answer.body))) return true;
    if (Date.now() > giveUpAt) return false;
    await pause(200);
  }
}

/** Waits until an object is not there. Returns false where it still is. */
export async function gone(cluster: Cluster, path: string, withinMs: number): Promise<boolean> {
  return settled(cluster, path, () => false, withinMs);
}

const attempts = 5;
const betweenMs = 2_000;

/** Tries again where the API server was away or overwhelmed. Null where the object is not there. */
async function patiently<T>(ask: () => Promise<T>): Promise<T | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (isNotFound(error)) return null;
      const passing = isUnanswered(error) || (error instanceof ApiError && error.status === 429);
      if (!passing || attempt === attempts) throw error;
      await pause(betweenMs);
    }
  }
}
