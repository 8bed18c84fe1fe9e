import { type Fields, isFields } from './manifest.ts';

/** The value at a path of fields; undefined where one of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isFields(inner) ? inner[name] : undefined), value);
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The maps in a list of fields; undefined where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly Fields[] | undefined {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : undefined;
}

export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}
