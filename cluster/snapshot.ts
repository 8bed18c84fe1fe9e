import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Json, JsonObject, Stacks } from './terraform-json.ts';
import { isObject } from './terraform-json.ts';

/** Where the committed snapshot of a stack is, relative to the repository. */
export function snapshotPath(stack: string): string {
  return `cluster/snapshots/${stack}.json`;
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

/** Writes the snapshots into a working copy and returns the paths that changed. */
export async function writeSnapshots(directory: string, stacks: Stacks): Promise<string[]> {
  const changed: string[] = [];
  for (const [stack, json] of stacks) {
    const path = snapshotPath(stack);
    const text = snapshotText(json);
    if (text === (await readSnapshot(directory, stack))) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
    changed.push(path);
  }
  return changed;
}

/** The text of a snapshot in a working copy; null where there is none. */
export async function readSnapshot(directory: string, stack: string): Promise<string | null> {
  return readFile(join(directory, snapshotPath(stack)), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
