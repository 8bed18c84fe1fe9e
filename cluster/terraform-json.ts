import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';

/** Any JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Synthesized stacks by name, each the content of its `cdk.tf.json`. */
export type Stacks = ReadonlyMap<string, JsonObject>;

/** One resource of a stack. */
export interface Block {
  readonly stack: string;
  /** As Terraform writes it: `google_container_cluster.cluster`. */
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function* resources(stack: string, json: JsonObject): Generator<Block> {
  const types = objectAt(json, 'resource');
  for (const type of Object.keys(types)) {
    for (const [id, values] of Object.entries(objectAt(types, type))) {
      if (isObject(values)) yield { stack, type, address: `${type}.${id}`, values };
    }
  }
}

/** Every resource of every stack, of these types alone where some are named. */
export function resourcesOf(stacks: Stacks, ...types: readonly string[]): Block[] {
  const all = [...stacks].flatMap(([stack, json]) => [...resources(stack, json)]);
  return types.length === 0 ? all : all.filter(({ type }) => types.includes(type));
}

/** The value at a path such as `private_cluster_config.enable_private_nodes`; a list of one block counts as the block. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const key of path.split('.')) {
    if (Array.isArray(found) && found.length === 1) found = found[0];
    if (!isObject(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json | undefined, path: string): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

/** Every string in a value, with the path that leads to it. */
export function* strings(value: Json, path = ''): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* strings(item, `${path}[${index}]`);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* strings(item, path === '' ? key : `${path}.${key}`);
  }
}

/** The stacks of each cluster, by the cluster's folder: empty for an only one, `west/` for one of several. */
export type Clusters = ReadonlyMap<string, Stacks>;

const root = 'cluster/snapshots';

/** Where the committed snapshot of a stack is, relative to the repository. */
export function snapshotPath(folder: string, stack: string): string {
  return `${root}/${folder}${stack}.json`;
}

// CDKTF's remarks under "//" tell construct paths, which mean nothing to Terraform.
function withoutRemarks(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutRemarks);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutRemarks(item)]));
}

/** The text of a stack's snapshot: what Terraform gets, and what a pull request shows. */
export function snapshotText(json: JsonObject): string {
  return `${JSON.stringify(withoutRemarks(json), null, 2)}\n`;
}

/** The snapshots of these clusters as a working copy should have them: their texts by path. */
export function snapshotTexts(clusters: Clusters): ReadonlyMap<string, string> {
  const all = [...clusters].flatMap(([folder, stacks]) =>
    [...stacks].map(([stack, json]) => [snapshotPath(folder, stack), snapshotText(json)] as const),
  );
  return new Map(all);
}

/** The snapshots that a working copy has: their texts by path. */
export async function readSnapshots(directory: string): Promise<ReadonlyMap<string, string>> {
  const found = await readdir(join(directory, root), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = found.filter((path) => path.endsWith('.json')).map((path) => `${root}/${path}`);
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(directory, path), 'utf8')] as const)),
  );
}

/** Writes the snapshots into a working copy, removes those of no cluster, and returns the paths that changed. */
export async function writeSnapshots(directory: string, clusters: Clusters): Promise<string[]> {
  const texts = snapshotTexts(clusters);
  const before = await readSnapshots(directory);
  const changed = [...texts].filter(([path, text]) => before.get(path) !== text);
  for (const [path, text] of changed) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const gone = [...before.keys()].filter((path) => !texts.has(path));
  for (const path of gone) await rm(join(directory, path));
  return [...changed.map(([path]) => path), ...gone];
}

/** The commit where this branch left main, 40 hex digits; null where there is no main to compare with. */
export async function mergeBase(directory: string): Promise<string | null> {
  for (const main of ['origin/main', 'main']) {
    const base = await gitOrNull(directory, 'merge-base', 'HEAD', main);
    if (base !== null && base !== '') return base;
  }
  return null;
}

/** The snapshots as a commit has them. */
export async function snapshotsAt(directory: string, commit: string): Promise<Clusters> {
  const listed = (await gitOrNull(directory, 'ls-tree', '-r', '--name-only', commit, '--', root)) ?? '';
  const found = new Map<string, Map<string, JsonObject>>();
  for (const path of listed.split('\n').filter((name) => name.endsWith('.json'))) {
    const [, folder = '', stack = ''] = /^cluster\/snapshots\/(.*\/)?([^/]+)\.json$/.exec(path) ?? [];
    const json: JsonObject = JSON.parse(await git(directory, 'show', `${commit}:./${path}`));
    found.set(folder, (found.get(folder) ?? new Map<string, JsonObject>()).set(stack, json));
  }
  return found;
}

/** What git printed; null where it ran and said no, because there is no such commit, branch or file. */
async function gitOrNull(directory: string, ...args: readonly string[]): Promise<string | null> {
  try {
    return await git(directory, ...args);
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}
