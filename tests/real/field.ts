import { isRecord } from '../../settings/sentences.ts';

/** The value under a path of keys; undefined where a step of it is missing. A path through a list has no meaning here. */
export function field(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((within, key) => (isRecord(within) ? within[key] : undefined), value);
}

/** The list under a path of keys; empty where there is none. */
export function listField(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = field(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The number under a path of keys, or what holds where none is said. */
export function numberField(value: unknown, usual: number, ...keys: readonly string[]): number {
  const found = field(value, ...keys);
  return typeof found === 'number' ? found : usual;
}
