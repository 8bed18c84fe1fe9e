/** The stretches of neighbours that all fulfil a condition, each as its first and its last member. */
export function runs<Value>(
  values: readonly Value[],
  fulfils: (value: Value) => boolean,
): readonly (readonly [first: Value, last: Value])[] {
  const found: [Value, Value][] = [];
  let open: [Value, Value] | null = null;
  for (const value of values) {
    if (!fulfils(value)) {
      open = null;
    } else if (open === null) {
      open = [value, value];
      found.push(open);
    } else {
      open[1] = value;
    }
  }
  return found;
}
