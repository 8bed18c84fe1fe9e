import { isDeepStrictEqual } from 'node:util';
import type { ApplicationObservation, DeploymentObservation, HealthStatus } from '../../../rollout/watch.ts';
import { at, type Fields, identity, inOrder, isFields, type Manifest, nameOf } from '../../manifests/object.ts';
import type { Application } from './application.ts';

/** An object to be made, or to be changed by a merge patch. */
interface Change {
  readonly manifest: Manifest;
  /** Null where the object does not exist yet. */
  readonly patch: Fields | null;
}

/** How the cluster differs from a commit. */
export interface Comparison {
  /** In the order in which they are applied. */
  readonly changes: readonly Change[];
  /** What is live as the commit wants it. */
  readonly same: readonly Manifest[];
  /** What was applied before and is in git no longer. */
  readonly prunes: readonly Manifest[];
  /** Nothing is left of what was applied before: syncing would delete it all. */
  readonly wipesOut: boolean;
}

/** The fields whose differences do not count, as paths of names, and whether a sync leaves them as they are. */
export interface Ignoring {
  fieldsOf(manifest: Manifest): readonly (readonly string[])[];
  readonly respected: boolean;
}

const ignoringNothing: Ignoring = { fieldsOf: () => [], respected: false };

/** A manifest with these fields as they are live, as Argo CD does it (controller/sync.go, normalizeTargetResources). */
function withLive(manifest: Manifest, live: Manifest, fields: readonly (readonly string[])[]): Manifest {
  return fields.reduce<Manifest>((one, path) => ({ ...one, ...withValue(one, path, at(live, ...path)) }), manifest);
}

function withValue(fields: Fields, [name, ...rest]: readonly string[], value: unknown): Fields {
  if (name === undefined) return fields;
  const { [name]: inner, ...others } = fields;
  if (rest.length > 0) return { ...others, [name]: withValue(isFields(inner) ? inner : {}, rest, value) };
  return value === undefined ? others : { ...others, [name]: value };
}

/**
 * Compares what a commit wants with what is live.
 *
 * The live objects are read anew each time and compared field by field, because the embedded cluster's own apply compares with
 * what was applied last and would not see drift.
 */
export function compare(
  desired: readonly Manifest[],
  applied: ReadonlyMap<string, Manifest>,
  live: ReadonlyMap<string, Manifest>,
  ignoring: Ignoring = ignoringNothing,
): Comparison {
  const wanted = new Set(desired.map(identity));
  const prunes = [...applied.values()].filter(
    (manifest) => !wanted.has(identity(manifest)) && live.has(identity(manifest)),
  );
  const changes = inOrder(desired).flatMap((manifest): Change[] => {
    const found = live.get(identity(manifest));
    if (found === undefined) return [{ manifest, patch: null }];
    const patchTo = (wants: Manifest): Fields | undefined => {
      const should = merged(found, applied.get(identity(manifest)), wants);
      return isFields(should) ? mergePatch(found, should) : undefined;
    };
    const differing = patchTo(withLive(manifest, found, ignoring.fieldsOf(manifest)));
    const patch = differing === undefined || ignoring.respected ? differing : patchTo(manifest);
    return patch === undefined ? [] : [{ manifest, patch }];
  });
  const changed = new Set(changes.map(({ manifest }) => manifest));
  const same = desired.filter((manifest) => !changed.has(manifest));
  return { changes, same, prunes: inOrder(prunes).toReversed(), wipesOut: desired.length === 0 && prunes.length > 0 };
}

/** What the API server of a real cluster would not change, in its words; null where nothing of that kind is asked. */
export function immutable(desired: readonly Manifest[], live: ReadonlyMap<string, Manifest>): string | null {
  for (const manifest of desired) {
    const found = live.get(identity(manifest));
    if (found === undefined || !['Deployment', 'ReplicaSet'].includes(manifest.kind)) continue;
    const [before, after] = [found, manifest].map((object) => at(object, 'spec', 'selector'));
    if (isDeepStrictEqual(before, after)) continue;
    const words = `${nameOf(manifest)} is invalid: spec.selector: Invalid value: ${JSON.stringify(after)}: field is immutable`;
    return `Failed to compare desired state to live state: ${words}`;
  }
  return null;
}

/**
 * What a live value should become: every field as git has it, what git once set and no longer does gone, and what others set
 * left alone. That is how server-side apply treats the fields that Argo CD owns.
 */
export function merged(live: unknown, applied: unknown, desired: unknown): unknown {
  if (isFields(desired) && isFields(live)) {
    const owned = isFields(applied) ? applied : {};
    const kept = Object.entries(live).filter(([name]) => name in desired || !(name in owned));
    const set = Object.entries(desired).filter(([, value]) => value !== null);
    const wanted = set.map(([name, value]) => [name, merged(live[name], owned[name], value)]);
    return { ...Object.fromEntries(kept), ...Object.fromEntries(wanted) };
  }
  if (isNamedList(desired) && isNamedList(live))
    return mergedByName(live, isNamedList(applied) ? applied : [], desired);
  if (Array.isArray(desired) && Array.isArray(live) && desired.length === live.length) {
    return desired.map((value, index) =>
      merged(live[index], Array.isArray(applied) ? applied[index] : undefined, value),
    );
  }
  return desired;
}

/** The merge patch (RFC 7396) that turns one value into the other; undefined where they are equal. */
export function mergePatch(from: Fields, to: Fields): Fields | undefined {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changes = names.flatMap((name) => {
    const [before, after] = [from[name], to[name]];
    if (isDeepStrictEqual(before, after)) return [];
    if (isFields(before) && isFields(after)) return [[name, mergePatch(before, after)]];
    return [[name, after ?? null]];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Applies a merge patch. */
export function applyMergePatch(fields: Fields, patch: Fields): Fields {
  const kept = Object.entries(fields).filter(([name]) => patch[name] !== null);
  const set = Object.entries(patch).filter(([, value]) => value !== null);
  const changed = set.map(([name, value]) => {
    const before = fields[name];
    return [name, isFields(value) && isFields(before) ? applyMergePatch(before, value) : value];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

type NamedList = readonly (Fields & { readonly name: string })[];

/** Lists whose items have names, such as containers and variables, are merged by name, not by place. */
function isNamedList(value: unknown): value is NamedList {
  return Array.isArray(value) && value.every((item) => isFields(item) && typeof item['name'] === 'string');
}

function mergedByName(live: NamedList, applied: NamedList, desired: NamedList): unknown[] {
  const find = (list: NamedList, name: string): Fields | undefined => list.find((item) => item.name === name);
  const wanted = desired.map((item) => merged(find(live, item.name), find(applied, item.name), item));
  const added = live.filter(({ name }) => find(desired, name) === undefined && find(applied, name) === undefined);
  return [...wanted, ...added];
}

/** The objects of a cluster, one by one. Every method throws what the cluster says. */
export interface LiveObjects {
  /** The object that the manifest names, as it is now; null where it does not exist. */
  read(manifest: Manifest): Promise<Manifest | null>;
  create(manifest: Manifest): Promise<void>;
  patch(manifest: Manifest, patch: Fields): Promise<void>;
  remove(manifest: Manifest): Promise<void>;
}

/** Says what is wrong with an object's fields, a sentence each; nothing where they are right. */
export type Validate = (manifest: Manifest) => Promise<readonly string[]> | readonly string[];

/** The cluster and the tools that the sync agent works with. */
export interface AgentContext {
  /** The agent's own repository, into which it fetches. */
  readonly checkoutDirectory: string;
  readonly objects: LiveObjects;
  /** Health of an object that exists. */
  readonly healthOf: (manifest: Manifest) => Promise<Health>;
  readonly validate: Validate;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/** Who hears of an application. */
export interface Listener {
  status(application: Application, status: ApplicationObservation): void;
  /** The objects that the newest commit wants. */
  wanted(application: Application, manifests: readonly Manifest[]): void;
  /** The root folder, or the cluster, can't be read; applications stay as they were. */
  failed(message: string): void;
}

/** Reads the objects that manifests name, as they are now, by identity. */
export async function readLive(
  { objects }: Pick<AgentContext, 'objects'>,
  manifests: readonly Manifest[],
): Promise<Map<string, Manifest>> {
  const found = await Promise.all(manifests.map(async (manifest) => objects.read(manifest)));
  return new Map(found.filter((live) => live !== null).map((live) => [identity(live), live]));
}

/** The health of an application with these objects, as it is now. */
export async function assess(context: AgentContext, manifests: readonly Manifest[]): Promise<Health> {
  const live = await readLive(context, manifests);
  const exists = (manifest: Manifest): boolean => live.has(identity(manifest));
  return worst(await Promise.all(manifests.map(async (one) => (exists(one) ? context.healthOf(one) : missing))));
}

/** Health of an object or an application, and why. */
export interface Health {
  readonly status: HealthStatus;
  readonly message: string | null;
}

export const healthy: Health = { status: 'Healthy', message: null };

export const missing: Health = { status: 'Missing', message: null };

/** How far a Deployment's rollout is. */
export interface DeploymentProgress {
  readonly deployment: DeploymentObservation;
  /** The controller has acted on the newest template. */
  readonly seen: boolean;
  readonly paused: boolean;
  /** Pods of every template. */
  readonly pods: number;
  /** Available pods of the newest template. */
  readonly updatedAvailable: number;
}

/** Health of a Deployment by Argo CD's rules (gitops-engine/pkg/health/health_deployment.go). */
export function deploymentHealth(name: string, state: DeploymentProgress): Health {
  const { replicas, updated, failure } = state.deployment;
  if (state.paused) return { status: 'Suspended', message: 'Deployment is paused' };
  if (failure !== null) return { status: 'Degraded', message: `Deployment "${name}" exceeded its progress deadline` };
  if (!state.seen) return waiting('observed deployment generation less than desired generation');
  if (updated < replicas) return waiting(`${updated} out of ${replicas} new replicas have been updated`);
  if (state.pods > updated) return waiting(`${state.pods - updated} old replicas are pending termination`);
  if (state.updatedAvailable < updated) {
    return waiting(`${state.updatedAvailable} of ${updated} updated replicas are available`);
  }
  return healthy;
}

function waiting(what: string): Health {
  return { status: 'Progressing', message: `Waiting for rollout to finish: ${what}...` };
}

/** From best to worst (gitops-engine/pkg/health/health.go). */
const order: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/** The health of an application: that of its worst object. */
export function worst(healths: readonly Health[]): Health {
  return healths.reduce(
    (one, other) => (order.indexOf(other.status) > order.indexOf(one.status) ? other : one),
    healthy,
  );
}
