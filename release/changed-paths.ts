import { pinPath } from '../apps/pins.ts';

/** The paths whose text differs, is new or is gone, in order. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.filter((path) => before.get(path) !== after.get(path));
}

/** The first of these paths that is neither the environment's pin nor what it runs: it has no place in its release. */
export function strayPath(changed: readonly string[], environment: string): string | undefined {
  const own = `manifests/${environment}/`;
  return changed.find((path) => path !== pinPath(environment) && !path.startsWith(own));
}
