import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../terraform-json.ts';
import { isObject } from '../terraform-json.ts';

/** A field that is not as the manifest has it. Undefined stands for a field that is not there. */
export interface Difference {
  readonly path: readonly string[];
  readonly wanted: Json | undefined;
  readonly found: Json | undefined;
}

// Whatever is added to these means something, so no key may be more than the manifest has.
const exact = new Set(['data', 'binaryData', 'rules', 'labels', 'webhooks']);
const exactSpecs = /^(?:ValidatingAdmissionPolicy|MutatingAdmissionPolicy)(?:Binding)?$|^NetworkPolicy$|^AppProject$/;

// What the API server fills in where the manifest says nothing (kubernetes, pkg/apis/*/v1/defaults.go).
const defaults: Readonly<Record<string, Json>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  protocol: 'TCP',
  scope: '*',
  timeoutSeconds: 10,
};

// Helm marks what it installs.
const helmLabel = 'app.kubernetes.io/managed-by';

/** Fields that are left out where they are false, and so mean the same. */
const offByDefault = new Set(['hostNetwork', 'hostPID', 'hostIPC', 'readOnly', 'stdin', 'tty', 'paused', 'optional']);

/**
 * Where a live object is not as its manifest: every field of the manifest has to be there, and in maps of free keys nothing
 * more. Fields that the API server or a controller fills in are none of the manifest's, and do not count.
 */
export function differences(wanted: JsonObject, live: JsonObject): Difference[] {
  const spec = exactSpecs.test(String(wanted['kind'])) ? ['spec'] : [];
  const strict = new Set([...exact, ...spec]);
  return Object.entries(wanted)
    .filter(([key]) => key !== 'status')
    .flatMap(([key, value]) => compare(value, live[key], [key], strict, false));
}

function compare(
  wanted: Json,
  found: Json | undefined,
  path: readonly string[],
  strict: ReadonlySet<string>,
  inStrict: boolean,
): Difference[] {
  const key = path.at(-1) ?? '';
  if (isNothing(wanted, key) && (found === undefined || found === null)) return [];
  const isStrict = inStrict || (strict.has(key) && path.length < 3);
  if (isObject(wanted) && isObject(found)) {
    const more = isStrict ? Object.keys(found).filter((name) => isMore(name, wanted, found)) : [];
    return [
      ...Object.entries(wanted).flatMap(([name, value]) =>
        compare(value, found[name], [...path, name], strict, isStrict),
      ),
      ...more.map((name) => ({ path: [...path, name], wanted: undefined, found: found[name] })),
    ];
  }
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length) {
    const items: readonly Json[] = found;
    return wanted.flatMap((item: Json, index) =>
      compare(item, items[index], [...path, String(index)], strict, isStrict),
    );
  }
  return same(wanted, found) ? [] : [{ path, wanted, found }];
}

/** True for a key that the manifest lacks and that neither Helm nor the API server adds. */
function isMore(name: string, wanted: JsonObject, found: JsonObject): boolean {
  const value = found[name];
  if (Object.hasOwn(wanted, name) || name === helmLabel) return false;
  if (isDeepStrictEqual(value, {}) || isDeepStrictEqual(value, [])) return false;
  return value !== defaults[name];
}

/** True for what the API server leaves out when it answers. */
function isNothing(wanted: Json, key: string): boolean {
  if (wanted === null || wanted === '') return true;
  if (wanted === false) return offByDefault.has(key);
  return isDeepStrictEqual(wanted, {}) || isDeepStrictEqual(wanted, []);
}

/** Numbers that YAML or the API may write as text are one: `80` and `"80"`. */
function same(wanted: Json, found: Json | undefined): boolean {
  if (found === undefined) return false;
  if (typeof wanted === 'object' || typeof found === 'object') return isDeepStrictEqual(wanted, found);
  return String(wanted) === String(found);
}
