/** How far a label reaches, in pixels; `x` is where its line is. */
export interface Extent {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Gives each label a line of text, counted from the top, so that none covers another. The labels of one series go down step by
 * step, each below the one before.
 */
export function placeLabels<Label extends Extent>(
  series: readonly (readonly Label[])[],
): readonly (Label & { readonly line: number })[] {
  const placed: (Label & { readonly line: number })[] = [];
  for (const labels of series) {
    let line = 0;
    for (const label of labels) {
      while (placed.some((other) => other.line === line && other.from < label.to && label.from < other.to)) line += 1;
      placed.push({ ...label, line });
      line += 1;
    }
  }
  return placed;
}
