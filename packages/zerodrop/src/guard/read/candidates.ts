import { posix } from 'node:path';
import type { Profile } from '../finding.ts';
import { handsOver, insteadOfManifests, isElsewhere, isOverride, Reader } from './file.ts';
import { type Files, sameContent, type Unreadable } from './files.ts';

/** Files that may hold manifests, and directories that another program turns into manifests first. */
export interface Candidates {
  readonly before: Files;
  readonly after: Files;
  /** Charts and kustomizations: nobody can judge them before they are rendered. */
  readonly inputs: readonly string[];
  /** Those in which a file differs. */
  readonly unrendered: readonly string[];
}

/** The names that Argo CD reads (argo-cd/reposerver/repository/repository.go, `manifestFile`). */
const manifestName = /\.(?:yaml|yml|json|jsonnet)$/;

/** Takes the files that may hold manifests out of all files of a repository. */
export function candidates(before: Files, after: Files, profile: Profile): Candidates {
  const [old, next] = [before, after].map((files) => new Map([...files].filter(isCandidate)));
  const all = [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])];
  if (profile === 'lossless') {
    const folders = manifestFolders([old ?? new Map(), next ?? new Map()]);
    const kept = (files: Files | undefined): Files =>
      new Map([...(files ?? [])].filter(([path, content]) => isIn(folders, path, content)));
    return { before: kept(old), after: kept(next), inputs: [], unrendered: [] };
  }
  const inputs = [...new Set(all.flatMap((path) => (isInput(path) ? [posix.dirname(path)] : [])))].toSorted();
  const plain = new Set(
    [...(old ?? [])].flatMap(([path, content]) => (looksLikeManifest(content) ? [posix.dirname(path)] : [])),
  );
  const besideManifests = new Set(
    [...plain, ...manifestFolders([next ?? new Map()])].filter((directory) => !isBelow(`${directory}/`, inputs)),
  );
  const rendered = (files: Files | undefined): Files =>
    new Map(
      [...(files ?? [])].filter(
        ([path, content]) =>
          (!isBelow(path, inputs) && (looksLikeManifest(content) || isOverride(path))) ||
          // What a folder of plain files is handed over by.
          (handsOver(path) && plain.has(posix.dirname(path)) && old?.has(path) !== true) ||
          // Argo CD follows a link to a file by its own name.
          (isElsewhere(content) && manifestName.test(path) && besideManifests.has(posix.dirname(path))),
      ),
    );
  const changed = all.filter((path) => !sameContent(before.get(path), after.get(path)));
  const unrendered = inputs.filter((input) => changed.some((path) => isBelow(path, [input])));
  // A file that is a manifest on one side is one on the other side, whatever became of it.
  const [was, is] = [rendered(old), rendered(next)];
  return {
    before: new Map([...(old ?? [])].filter(([path]) => was.has(path) || is.has(path))),
    after: new Map([...(next ?? [])].filter(([path]) => was.has(path) || is.has(path))),
    inputs,
    unrendered,
  };
}

function isCandidate([path, content]: readonly [string, string | Unreadable]): boolean {
  return isCandidateName(path) || isElsewhere(content);
}

/** True for a file that may be a manifest, by its name. */
export function isCandidateName(path: string): boolean {
  return manifestName.test(path) || insteadOfManifests(path) !== null;
}

/** The directories in which a file looks like a manifest. */
function manifestFolders(states: readonly Files[]): ReadonlySet<string> {
  return new Set(
    states.flatMap((files) =>
      [...files].flatMap(([path, content]) => (looksLikeManifest(content) ? [posix.dirname(path)] : [])),
    ),
  );
}

/** A link or a submodule may stand in a folder, beside it, or in its place. */
function isIn(folders: ReadonlySet<string>, path: string, content: string | Unreadable): boolean {
  const directory = posix.dirname(path);
  if (folders.has(directory)) return true;
  if (!isElsewhere(content)) return false;
  return [...folders].some(
    (folder) => folder === path || folder.startsWith(`${path}/`) || posix.dirname(folder) === directory,
  );
}

/** True for a text in which a manifest may stand. */
export function looksLikeManifest(content: string | Unreadable): boolean {
  return typeof content === 'string' && /\bapiVersion["']?:/.test(content) && /\bkind["']?:/.test(content);
}

/** True for the file of a chart or of a kustomization: what is beside and below it is its input. */
function isInput(path: string): boolean {
  return handsOver(path) && (posix.basename(path) === 'Chart.yaml' || !path.endsWith('Chart.yaml'));
}

function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => directory === '.' || path.startsWith(`${directory}/`));
}

/** An object as a manifest says it. */
export interface ManifestDocument {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Null where the manifest names none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly document: unknown;
}

/** The objects in files, as Argo CD reads them. */
export function readManifests(files: Files): readonly ManifestDocument[] {
  const reader = new Reader();
  return [...files]
    .flatMap(([path, content]) => reader.read(path, content).objects)
    .map(({ path, apiVersion, kind, namespace, name, document }) => ({
      path,
      apiVersion,
      kind,
      namespace,
      name,
      document,
    }));
}

/** What keeps Argo CD from reading files as what their authors mean, by path; only of files that have something. */
export function flawsOf(files: Files): ReadonlyMap<string, readonly string[]> {
  const reader = new Reader();
  const { after } = candidates(new Map(), files, 'lossless');
  return new Map(
    [...after].flatMap(([path, content]) => {
      const { flaws } = reader.read(path, content);
      return flaws.length === 0 ? [] : [[path, flaws.map(({ says }) => says)] as const];
    }),
  );
}
