/** A time of the Kubernetes API in milliseconds since the epoch; undefined where the object tells none. */
export function milliseconds(time: string | null | undefined): number | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : at;
}
