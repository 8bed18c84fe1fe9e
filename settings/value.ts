/** An object with keys, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a sentence says a setting's value: `is 'x'`, `is 3`, or `is missing`. */
export function says(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (typeof value === 'string') return `is '${value}'`;
  // JSON has no NaN and no Infinity.
  if (typeof value === 'number') return `is ${value}`;
  return `is ${JSON.stringify(value) ?? typeof value}`;
}

/** True for a name that Kubernetes takes everywhere: lower case letters, digits and hyphens, first a letter. */
export function isLabel(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(value);
}

/** What {@link isLabel} expects, for a sentence. */
export function labelRule(longest: number): string {
  return `lower case letters, digits and hyphens, a letter first and no hyphen last, at most ${longest} characters`;
}
