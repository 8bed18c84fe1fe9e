import { candidates } from './read/candidates.ts';
import { Reader } from './read/file.ts';
import type { Files } from './read/files.ts';

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
