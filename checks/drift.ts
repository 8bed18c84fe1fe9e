import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadProject } from '../apps/load.ts';
import { readPins } from '../apps/pins.ts';
import { pathsOf } from '../apps/project.ts';
import { render } from '../apps/render.ts';
import { trackedFiles } from './tools.ts';

/**
 * A sentence for each file under manifests/ and argocd/ that is not what apps/ renders now: changed by hand, missing, or
 * left over. Writes nothing.
 */
export async function driftOfManifests(directory: string): Promise<string[]> {
  const project = await loadProject(directory);
  const rendered = render(project, await readPins(directory, pathsOf(project)));
  const present = (await trackedFiles(directory)).filter((file) => /^(manifests|argocd)\//.test(file));
  const committed = new Map<string, string>();
  for (const file of present) {
    const text = await readFile(path.join(directory, file), 'utf8').catch(() => null);
    if (text !== null) committed.set(file, text);
  }
  return drift(rendered, committed);
}

/** Compares what is rendered with what is there, file by file. */
export function drift(rendered: ReadonlyMap<string, string>, present: ReadonlyMap<string, string>): string[] {
  const files = [...new Set([...rendered.keys(), ...present.keys()])].toSorted();
  return files.flatMap((file) => {
    if (rendered.get(file) === present.get(file)) return [];
    const what = !present.has(file) ? 'is missing' : !rendered.has(file) ? 'is left over' : 'is not what apps/ renders';
    return [`${file} ${what}. Run npm run synth and commit the result.`];
  });
}
