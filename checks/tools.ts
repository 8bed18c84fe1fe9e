import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gitBytes } from 'zerodrop/git';
import { readPins } from '../apps/pins.ts';
import { loadProject, pathsOf } from '../apps/project.ts';
import { render } from '../apps/render.ts';

/** Runs a tool of node_modules. Returns nothing when it is content, else all that it said. */
export async function problemsOf(tool: string, ...args: readonly string[]): Promise<readonly string[]> {
  const program = path.join('node_modules', '.bin', tool);
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve([]);
      else if (error.code === 'ENOENT') reject(new Error(`${tool} is not installed. Run npm ci.`, { cause: error }));
      else resolve([`${stdout}${stderr}`.trim() || `${tool} ended with ${error.code ?? error.signal}`]);
    });
  });
}

/** The files that git tracks or would track, relative to the directory. */
export async function trackedFiles(directory: string): Promise<string[]> {
  const listed = await gitBytes(directory, '', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  return listed
    .toString()
    .split('\0')
    .filter((file) => file !== '');
}

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
