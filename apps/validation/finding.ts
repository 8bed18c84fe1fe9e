import { isRecord } from '../../settings/sentences.ts';

/** What is wrong with a part of an object: where, and the rest of the sentence. */
export interface Finding {
  /** Such as `ports[0].name`; empty for the part itself. */
  readonly path: string;
  /** Such as `is missing`. */
  readonly says: string;
}

/** A map of fields, whatever they hold. */
export type Fields = Readonly<Record<string, unknown>>;

/** The path of a field within another: `spec` and `ports[0]` as `spec.ports[0]`. */
function within(path: string, inner: string): string {
  if (path === '' || inner === '') return path + inner;
  return inner.startsWith('[') ? path + inner : `${path}.${inner}`;
}

/** Findings about a part, as findings about what the part is in. */
export function* under(path: string, findings: Iterable<Finding>): Generator<Finding> {
  for (const finding of findings) yield { path: within(path, finding.path), says: finding.says };
}

/** The value at a path of fields; undefined where one of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

/** The maps in a list, each with its place in it. */
export function items(value: unknown): readonly (readonly [number, Fields])[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((item: unknown, index) => [index, item] as const)
    .filter((pair): pair is [number, Fields] => isRecord(pair[1]));
}

/** The texts of a map. */
export function texts(value: unknown): readonly (readonly [string, string])[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}
