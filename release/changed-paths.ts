import { type Files, sameContent } from 'zerodrop/files';
import { manifestsPath, pinPath, type TargetPath } from '../apps/pins.ts';

/** The paths that hold something else, are new or are gone, in order. */
export function changedPaths(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.filter((path) => !sameContent(before.get(path), after.get(path)));
}

/** What a release of a target may change: its pin, and what it runs. */
export function ownPaths(target: TargetPath): readonly string[] {
  return [pinPath(target), manifestsPath(target)];
}

/** Whether a path is among those, or below one of them. */
export function isOwn(path: string, target: TargetPath): boolean {
  return ownPaths(target).some((own) => path === own || path.startsWith(`${own}/`));
}
