import { contains, parseRange } from '../settings/google/network.ts';
import derived from './recreating/fields.json' with { type: 'json' };
import {
  at,
  type Block,
  type Clusters,
  isObject,
  type Json,
  resourcesOf,
  type Stacks,
  textAt,
} from './terraform-json.ts';

/** A field that can't be changed in place. */
export interface RecreatingField {
  /** As in the JSON: `private_cluster_config.master_ipv4_cidr_block`. */
  readonly path: string;
  /** Where not every change counts: on from true to false; blocks that come or go; a range that gets narrower. */
  readonly only?: 'turned off' | 'added or removed' | 'narrowed';
}

/** A field as recreating/fields.json has it: `node_config (added or removed)`. */
export function fieldText({ path, only }: RecreatingField): string {
  return only === undefined ? path : `${path} (${only})`;
}

function readField(text: string): RecreatingField {
  const [path = '', rest = ''] = text.split(' (');
  const only = (['turned off', 'added or removed', 'narrowed'] as const).find((known) => rest === `${known})`);
  return only === undefined ? { path } : { path, only };
}

/**
 * What forces re-creation, by resource type, for every type that cluster/policy/expected/ lets a stack have. Derived from
 * the source of the pinned providers by recreating/main.ts; docs/reference/what-recreates-the-cluster.md says what it would cost.
 */
export const recreatingFields: Readonly<Record<string, readonly RecreatingField[]>> = Object.fromEntries(
  Object.entries(derived.fields).map(([type, texts]) => [type, texts.map(readField)]),
);

const right = 'a right moves from one moment to the next, and cluster/policy/expected/ says which rights there may be';

const watches = 'it watches what runs, and nothing runs by it';

/** What is made anew without a loss, and why. */
export const replaceable: Readonly<Record<string, string>> = {
  google_project_service: 'a service stays on when its resource goes (disable_on_destroy is false)',
  google_project_iam_member: right,
  google_service_account_iam_member: right,
  google_storage_bucket_iam_member: right,
  google_artifact_registry_repository_iam_member: right,
  google_billing_budget: 'it mails, and holds nothing',
  google_monitoring_alert_policy: watches,
  google_monitoring_custom_service: watches,
  google_monitoring_dashboard: watches,
  google_monitoring_notification_channel: watches,
  google_monitoring_slo: watches,
  google_monitoring_uptime_check_config: watches,
};

/** A change that makes Google destroy something that runs. */
export interface Recreation {
  /** What allows it in `google.allowRecreation`: `google_container_cluster.cluster.location`. */
  readonly name: string;
  readonly stack: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Why nothing is lost by it; absent where something is. */
  readonly harmless?: string;
}

/**
 * The changes from one set of snapshots to another that destroy and re-create a resource, or lose sight of its state.
 *
 * Compares what was written down, not what runs: a value that GKE fills in itself is the plan's to find.
 */
export function recreations(before: Stacks, after: Stacks): Recreation[] {
  return [...resourceChanges(before, after), ...stateChanges(before, after)];
}

function resourceChanges(before: Stacks, after: Stacks): Recreation[] {
  const now = new Map(
    resourcesOf(after).map((block) => [`${block.stack}/${block.address}`, withProvidersPlace(block, after)]),
  );
  return resourcesOf(before).flatMap((written) => {
    const block = withProvidersPlace(written, before);
    const fields = recreatingFields[block.type];
    if (fields === undefined) return [];
    const next = now.get(`${block.stack}/${block.address}`);
    // Gone from the stack is gone from Google.
    const found =
      next === undefined
        ? [{ name: block.address, stack: block.stack, before: 'there', after: 'gone' }]
        : [
            ...outermost(fields.flatMap((field) => fieldChange(block, next, field))),
            ...noLongerIgnored(block, next, fields),
          ];
    const harmless = replaceable[block.type];
    return harmless === undefined ? found : found.map((recreation) => ({ ...recreation, harmless }));
  });
}

/** With the project and the region of the provider, where the resource takes one and leaves it out. */
function withProvidersPlace(block: Block, stacks: Stacks): Block {
  const provider = at(stacks.get(block.stack), 'provider.google');
  const fields = recreatingFields[block.type] ?? [];
  const place = ['project', 'region'].filter((key) => fields.some(({ path }) => path === key));
  const defaults = Object.fromEntries(place.map((key) => [key, textAt(provider, key)]));
  return { ...block, values: { ...defaults, ...block.values } };
}

/** Without what is inside of a block that is among them: a block that comes brings its fields along. */
function outermost(found: readonly Recreation[]): Recreation[] {
  return found.filter(({ name }) => !found.some((other) => name.startsWith(`${other.name}.`)));
}

function fieldChange(block: Block, next: Block, { path, only }: RecreatingField): Recreation[] {
  const before = valuesAt(block.values, path.split('.'));
  const after = valuesAt(next.values, path.split('.'));
  if (!changes(before, after, only)) return [];
  // Terraform overlooks it, as it did before.
  if (ignoresField(block, path) && ignoresField(next, path)) return [];
  return [{ name: `${block.address}.${path}`, stack: block.stack, before: one(before), after: one(after) }];
}

/** The values at a path, one for each block that it leads through: a block may be there several times. */
function valuesAt(value: Json | undefined, [key, ...rest]: readonly string[]): Json[] {
  const items: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  if (key === undefined) return value === undefined ? [] : [value];
  return items.flatMap((item) => (isObject(item) ? valuesAt(item[key], rest) : []));
}

function one(values: readonly Json[]): Json | undefined {
  return values.length < 2 ? values[0] : values;
}

function changes(before: readonly Json[], after: readonly Json[], only: RecreatingField['only']): boolean {
  if (only === 'added or removed') return blocks(before) !== blocks(after);
  if (only === 'turned off') return before.includes(true) && !after.includes(true);
  if (only === 'narrowed') return !same([...before], [...after]) && !widens(String(before[0]), String(after[0]));
  return !same([...before], [...after]);
}

/** How many blocks there are: an object is one, a list as many as it has. */
function blocks(values: readonly Json[]): number {
  return values.flat().length;
}

function widens(before: string, after: string): boolean {
  const [inner, outer] = [parseRange(before), parseRange(after)];
  return inner !== null && outer !== null && contains(outer, inner);
}

/** What Terraform overlooked until now: what runs may have differed all along, and is then made anew. */
function noLongerIgnored(block: Block, next: Block, fields: readonly RecreatingField[]): Recreation[] {
  if (!fields.some(({ path }) => ignoresField(block, path) && !ignoresField(next, path))) return [];
  const path = 'lifecycle.ignore_changes';
  return [
    {
      name: `${block.address}.${path}`,
      stack: block.stack,
      before: at(block.values, path),
      after: at(next.values, path),
    },
  ];
}

function ignoresField(block: Block, path: string): boolean {
  const ignored = at(block.values, 'lifecycle.ignore_changes');
  if (ignored === 'all') return true;
  return Array.isArray(ignored) && ignored.some((entry) => path === entry || path.startsWith(`${String(entry)}.`));
}

/** A stack whose state moves starts from nothing: Terraform would make everything a second time. */
function stateChanges(before: Stacks, after: Stacks): Recreation[] {
  return [...before].flatMap(([stack, json]) => {
    const next = after.get(stack);
    return ['bucket', 'prefix'].flatMap((key) => {
      const old = at(json, `terraform.backend.gcs.${key}`);
      const now = at(next, `terraform.backend.gcs.${key}`);
      return same(old, now) ? [] : [{ name: `${stack}.backend.${key}`, stack, before: old, after: now }];
    });
  });
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The bucket of a cluster's states: by it, and by no name in the settings, Terraform knows what it has made. */
function stateOf(stacks: Stacks | undefined): string {
  return textAt(stacks?.get('platform'), 'terraform.backend.gcs.bucket');
}

/** The folder in `before` of what a cluster was: that with the same state, else that of the same name. Null for a new cluster. */
export function sameCluster(before: Clusters, after: Clusters, folder: string): string | null {
  const states = new Set([...after.values()].map(stateOf));
  const state = stateOf(after.get(folder));
  const [found] = [...before].find(([, stacks]) => stateOf(stacks) === state) ?? [];
  if (found !== undefined) return found;
  // What has its state elsewhere now is that cluster.
  return before.has(folder) && !states.has(stateOf(before.get(folder))) ? folder : null;
}

/** A sentence for each cluster that the settings no longer have: it goes on running, and no plan will ever show it again. */
export function goneClusters(before: Clusters, after: Clusters, allowed: readonly string[]): string[] {
  const kept = new Set([...after.keys()].map((folder) => sameCluster(before, after, folder)));
  return [...before]
    .filter(([folder]) => !kept.has(folder))
    .map(([, stacks]) => {
      const cluster = stacks.get('platform');
      const place = textAt(cluster, 'provider.google.project');
      return `${place}/${textAt(cluster, 'resource.google_container_cluster.cluster.name')}`;
    })
    .filter((name) => !allowed.includes(name))
    .map(
      (name) =>
        `settings.ts has the cluster ${name} no longer, but removing it there takes nothing down: it goes on running, and no plan shows it. Take it down first (docs/how-to/take-down.md), then allow it in the settings of another cluster: google.allowRecreation: ['${name}'].`,
    );
}

/**
 * A sentence for each re-creation that loses something and that nobody has allowed. An allowance without a re-creation is no breach: after the
 * merge it has nothing left to allow, and main, and each promotion after it, must not be refused for that.
 */
export function refused(found: readonly Recreation[], allowed: readonly string[]): string[] {
  return found
    .filter(({ name, harmless }) => harmless === undefined && !allowed.includes(name))
    .map(
      ({ name, stack, before, after }) =>
        `${stack}: ${name} changes from ${says(before)} to ${says(after)}, which destroys it and what runs on it (docs/reference/what-recreates-the-cluster.md). Leave it as it was, or allow it in settings.ts: google.allowRecreation: ['${name}'].`,
    );
}

function says(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
