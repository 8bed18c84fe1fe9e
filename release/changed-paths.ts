import { type Files, sameContent } from 'zerodrop/files';
import { pinPath } from '../apps/pins.ts';

/** The paths that hold something else, are new or are gone, in order. */
export function changedPaths(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.filter((path) => !sameContent(before.get(path), after.get(path)));
}

/** What a release of an environment may change: its pin, and what it runs. */
export function ownPaths(environment: string): readonly string[] {
  return [pinPath(environment), `manifests/${environment}`];
}

/** Whether a path is among those, or below one of them. */
export function isOwn(path: string, environment: string): boolean {
  return ownPaths(environment).some((own) => path === own || path.startsWith(`${own}/`));
}
