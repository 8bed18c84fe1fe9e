/** The environments, in their order, of which at least one manifest is among the paths. */
export function changedEnvironments(paths: readonly string[], environments: readonly string[]): string[] {
  return environments.filter((environment) => paths.some((path) => path.startsWith(`manifests/${environment}/`)));
}
