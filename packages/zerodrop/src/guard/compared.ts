/** How much was compared. Objects are counted in the folders in which a file differs; the others are not read. */
export interface Compared {
  /** Files that hold manifests, before or after the change. */
  readonly files: number;
  readonly changedFiles: number;
  readonly objects: number;
  readonly changedObjects: number;
  /** Charts and kustomizations, which were not compared, since nobody has rendered them. */
  readonly unrendered: readonly string[];
}

/** What was compared, in a sentence or two. */
export function comparedInWords({ files, changedFiles, objects, changedObjects, unrendered }: Compared): string {
  const all = `${files} ${files === 1 ? 'file' : 'files'} with manifests`;
  const differs = changedFiles === 1 ? 'differs' : 'differ';
  const difference =
    changedFiles === 0
      ? ', and none differs'
      : `: ${changedFiles} ${differs}, with ${changedObjects} of ${objects} objects changed`;
  const [first] = unrendered;
  const left = unrendered.length === 1 ? (first ?? '') : `${unrendered.length} charts and kustomizations`;
  const inputs = first === undefined ? '' : ` Left out ${left}, which nobody has rendered.`;
  return `Compared ${files === 0 ? 'no file with manifests' : all}${files === 0 ? '' : difference}.${inputs}`;
}
