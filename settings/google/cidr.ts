/** A range of IPv4 addresses. */
export interface Range {
  /** The first address, as a number. */
  readonly first: number;
  /** How many addresses. */
  readonly size: number;
  /** The 24 of `/24`. */
  readonly prefix: number;
}

/** Reads `10.0.0.0/24`. Null for anything else, and for a range that begins between its own borders, as 10.0.0.1/24 does. */
export function parseRange(text: string): Range | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return null;
  const numbers = match.slice(1).map(Number);
  const octets = numbers.slice(0, 4);
  const prefix = numbers[4] ?? 33;
  if (prefix > 32 || octets.some((octet) => octet > 255)) return null;
  // Arithmetic instead of bit operators, which are signed at 32 bits.
  const first = octets.reduce((value, octet) => value * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, size, prefix } : null;
}

/** True when two ranges have an address in common. */
export function overlaps(a: Range, b: Range): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** True when the first range has every address of the second. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parseRange);

/** True for a range within those set aside for private networks (RFC 1918) and shared address space (RFC 6598). */
export function isPrivate(range: Range): boolean {
  return privateRanges.some((outer) => outer !== null && contains(outer, range));
}
