import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { UsageError } from 'zerodrop/errors';
import { readOptions } from 'zerodrop/options';
import { loadSettings } from '../settings/load.ts';
import { findEnvironment, findService, firstOf } from '../settings/settings.ts';
import { manifestsPath, readPins } from './pins.ts';
import { applicationPath, loadProject, projectPath, type Target } from './project.ts';
import { render } from './render.ts';

/** What a rendering changed in the working copy. */
export interface Written {
  readonly files: number;
  /** Paths that are new, differ or are gone, in order. */
  readonly changed: readonly string[];
}

/** What a rendering changed, in words. */
export function changedWords(changed: readonly string[]): string {
  return changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}`;
}

/**
 * Takes away what is in a folder and is not rendered: files, links, folders that hold nothing rendered. Returns the texts of all files that were
 * there. A folder of thousands of files is read in one go: waiting for each by itself takes longer than to render them.
 */
async function clearFolder(
  directory: string,
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const before = new Map<string, string>();
  const [root, above] = [join(directory, folder), parentsOf([...files.keys()])];
  if (!(await isFolder(directory, folder))) await clearPath(directory, folder);
  else {
    const gone: string[] = [];
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = relative(directory, join(entry.parentPath, entry.name));
      if (entry.isFile()) before.set(path, readFileSync(join(directory, path), 'utf8'));
      const isRendered = entry.isFile() ? files.has(path) : entry.isDirectory() && above.has(path);
      if (!isRendered) gone.push(path);
    }
    for (const path of gone) rmSync(join(directory, path), { recursive: true, force: true });
    if (!above.has(folder)) rmSync(root, { recursive: true });
  }
  return before;
}

/** Every folder that these paths are in. */
function parentsOf(paths: readonly string[]): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const path of paths) {
    for (let above = dirname(path); above !== '.' && !parents.has(above); above = dirname(above)) parents.add(above);
  }
  return parents;
}

/** Whether a path is a folder, and no link is on the way to it. */
async function isFolder(directory: string, path: string): Promise<boolean> {
  for (let at = path; at !== '.'; at = dirname(at)) {
    const found = await lstat(join(directory, at)).catch(() => null);
    if (found === null || !found.isDirectory()) return false;
  }
  return true;
}

/**
 * Removes what stands in the way of a file or a folder: what is no folder above it, and whatever is at its path itself. Nothing is read,
 * written or removed through a link, to wherever it leads.
 */
export async function clearPath(directory: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const above = join(directory, ...parts.slice(0, depth));
    const found = await lstat(above).catch(() => null);
    if (found !== null && !found.isDirectory()) await rm(above);
  }
  await rm(join(directory, path), { recursive: true, force: true });
}

/** Writes a file, whatever is at its path or above it. */
export async function writeOver(directory: string, path: string, text: string): Promise<void> {
  const file = join(directory, path);
  await clearPath(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Writes rendered files into a working copy. Of the folders, nothing else stays, and a file that is the same is not written. */
export async function writeRendered(
  directory: string,
  files: ReadonlyMap<string, string>,
  folders: readonly string[] = ['manifests', 'argocd'],
): Promise<Written> {
  const before = new Map<string, string>();
  for (const folder of folders)
    for (const [path, text] of await clearFolder(directory, folder, files)) before.set(path, text);
  for (const [path, text] of files) {
    if (folders.some((folder) => path.startsWith(`${folder}/`))) {
      if (before.get(path) === text) continue;
      // Nothing is in its way any more.
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    } else {
      const outside = await readFile(join(directory, path), 'utf8').catch(() => null);
      if (outside !== null) before.set(path, outside);
      await writeOver(directory, path, text);
    }
  }
  const paths = [...new Set([...before.keys(), ...files.keys()])].toSorted();
  return { files: files.size, changed: paths.filter((path) => before.get(path) !== files.get(path)) };
}

/** As {@link writeRendered}, for what one target runs and Argo CD's objects of it: the files of the others stay as they are. */
export function writeTarget(directory: string, files: ReadonlyMap<string, string>, target: Target): Promise<Written> {
  const folder = manifestsPath(target.path);
  const argo = new Set([applicationPath(target), projectPath(target)]);
  const own = [...files].filter(([path]) => path.startsWith(`${folder}/`) || argo.has(path));
  return writeRendered(directory, new Map(own), [folder]);
}

/**
 * Renders the target that --environment and --service name, as a release does, and returns what there is to say of it. Only that target is read
 * and written, whatever is wrong with the files of another one. Throws SettingsError or PinError with a sentence, and has written
 * nothing then.
 */
export async function renderTarget(directory: string, args: readonly string[]): Promise<string> {
  const asked = readSynthOptions(args);
  const settings = await loadSettings(directory);
  const [environment, service] = [
    findEnvironment('--environment', asked.environment, settings),
    findService(asked.service, settings),
  ];
  if (typeof environment === 'string') throw new UsageError(environment);
  if (typeof service === 'string') throw new UsageError(service);
  const project = await loadProject(directory, service.name);
  const target = firstOf(project.targets.filter((one) => one.environment.name === environment.name));
  const { files, changed } = await writeTarget(
    directory,
    render(project, await readPins(directory, [target.path])),
    target,
  );
  return `synth: ${files} files rendered, ${changedWords(changed)}\n`;
}

/** What `npm run synth -- --help` prints. */
export const synthUsage = `npm run synth [-- --environment NAME --service NAME]

Renders what settings.ts and apps/ say: manifests/ and argocd/ for Argo CD, and Terraform's JSON for the cluster in cdktf.out/, with a
snapshot of it in cluster/snapshots/. Checks all of it first, and writes nothing where a part is wrong.

  --environment NAME    renders what one service runs in this environment and nothing else, as a release does
  --service NAME        which service; may be left out where settings.ts has one

Exit: 0 rendered, 2 settings, a pin or apps/ are wrong, 3 a Terraform state is in the way.
`;

/** The options of npm run synth. Throws {@link UsageError} for what it does not take. */
export function readSynthOptions(args: readonly string[]) {
  const options = {
    environment: { type: 'string' },
    service: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  return readOptions(args, options, { help: 'npm run synth -- --help', words: 0 }).values;
}
