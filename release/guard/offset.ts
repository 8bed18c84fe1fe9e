import { isMap, isNode, isScalar, isSeq } from 'yaml';

/** The way to a field: keys of objects, and places in lists from 0. */
export type Keys = readonly (string | number)[];

/** Where a field stands in its text, in characters: its key, or what is nearest to it on the way. */
export function offsetOf(root: unknown, at: Keys): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const key of at) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = typeof key === 'number' ? node.items[key] : undefined;
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
