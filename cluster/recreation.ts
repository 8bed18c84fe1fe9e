import type { RecreatingField } from './recreating-fields.ts';
import { recreatingFields } from './recreating-fields.ts';
import type { Block, Json, Stacks } from './terraform-json.ts';
import { at, resourcesOf } from './terraform-json.ts';

/** A change that makes Google destroy something that runs. */
export interface Recreation {
  /** What allows it in `google.allowRecreation`: `google_container_cluster.cluster.location`. */
  readonly name: string;
  readonly stack: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
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
  const now = new Map(resourcesOf(after).map((block) => [`${block.stack}/${block.address}`, block]));
  return resourcesOf(before).flatMap((block) => {
    const fields = recreatingFields[block.type];
    if (fields === undefined) return [];
    const next = now.get(`${block.stack}/${block.address}`);
    // Gone from the stack is gone from Google.
    if (next === undefined) return [{ name: block.address, stack: block.stack, before: 'there', after: 'gone' }];
    return fields.flatMap((field) => fieldChange(block, next, field));
  });
}

function fieldChange(block: Block, next: Block, { path, only }: RecreatingField): Recreation[] {
  const before = at(block.values, path);
  const after = at(next.values, path);
  if (same(before, after)) return [];
  if (only === 'turned off' && !(before === true && after !== true)) return [];
  return [{ name: `${block.address}.${path}`, stack: block.stack, before, after }];
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

/** A sentence for each re-creation that nobody has allowed, and for each allowance that allows nothing. */
export function refused(found: readonly Recreation[], allowed: readonly string[]): string[] {
  const names = new Set(found.map(({ name }) => name));
  return [
    ...found
      .filter(({ name }) => !allowed.includes(name))
      .map(
        ({ name, stack, before, after }) =>
          `${stack}: ${name} changes from ${says(before)} to ${says(after)}, which destroys what runs and makes it anew (docs/what-recreates-the-cluster.md). Leave it as it was, or allow it in settings.ts: google.allowRecreation: ['${name}'].`,
      ),
    ...allowed
      .filter((name) => !names.has(name))
      .map(
        (name) =>
          `settings.ts: google.allowRecreation holds '${name}', which nothing here changes. Take it out, so that the next change of it is seen.`,
      ),
  ];
}

function says(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
