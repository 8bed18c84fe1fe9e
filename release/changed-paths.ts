/** The paths whose text differs, is new or is gone, in order. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.filter((path) => before.get(path) !== after.get(path));
}

/** The first of these paths that another environment runs: it has no place in a release to this one. */
export function strayPath(changed: readonly string[], environment: string): string | undefined {
  return changed.find((path) => path.startsWith('manifests/') && !path.startsWith(`manifests/${environment}/`));
}
