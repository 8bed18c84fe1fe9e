import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import type { Json, JsonObject, Stacks } from './terraform-json.ts';
import { isObject } from './terraform-json.ts';

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
